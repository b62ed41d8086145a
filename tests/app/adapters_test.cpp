// Adapters from the config to the saved folder: what is written for peft, what stays in the model, what a killed run resumes.
#include "catch.hpp"
#include "command.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

using graft::parse_json;
using graft::read_json;
using graft::Safetensors;
using graft::Value;
namespace fs = std::filesystem;

namespace {

const std::string kVocabulary = GRAFT_TEST_DATA "/wordpiece_vocabulary.json";

// A small BERT on 120 rows, five epochs, with these adapters.
std::string config_with(const Workplace& here, const std::string& adapters, const std::string& name = "films.json") {
  return here.write(name, R"({"graft": 1, "run": {"seed": 3, "epochs": 5, "batch_size": 16, "precision": "fp32"},
  "data": {"films": {"source": {"use": "csv", "path": ")" +
                              here.write("rows.csv", rows_csv(120)) + R"("}}},
  "pipeline": {"label": {"use": "category", "column": "kind"},
    "tokens": {"use": "wordpiece", "column": "review", "vocabulary": ")" +
                              kVocabulary + R"(", "max_length": 32}},
  "model": {"use": "bert", "input": "tokens", "vocab_size": 2000, "hidden_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 64},
  "adapters": )" + adapters + R"(,
  "heads": {"kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}}},
  "optimizer": {"use": "adamw", "learning_rate": 0.01}, "checkpoint": {"every": 3}})");
}

std::string trained(const Workplace& here, const std::string& config, const std::string& run) {
  const Outcome outcome = graft_command("train " + config + " --out " + here.file(run));
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return here.file(run);
}

double reported(const std::string& run) {
  return read_json(run + "/report.json").at("metrics").at("test").at("films/kind/accuracy").number();
}

double evaluated(const std::string& run) {
  const Outcome outcome = graft_command("eval " + run + " --json");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return parse_json(outcome.output.substr(outcome.output.find("{\n")), "eval").at("films/kind/accuracy").number();
}

}  // namespace

TEST_CASE("adapters: a run writes a small folder of each for peft, that another run starts from", "[app][adapter]") {
  const Workplace here;
  const std::string run =
      trained(here, config_with(here, R"({"small": {"use": "lora", "rank": 2}, "scales": {"use": "ia3"}})"), "run");
  for (const char* name : {"small", "scales"}) {
    const std::string folder = run + "/model/adapters/" + name;
    CHECK(read_json(folder + "/adapter_config.json").at("peft_type").text() == (name == std::string("small") ? "LORA" : "IA3"));
    CHECK(fs::file_size(folder + "/adapter_model.safetensors") < 5000);
  }
  CHECK(Safetensors(run + "/model/adapters/small/adapter_model.safetensors").names().size() == 8);
  CHECK(Safetensors(run + "/model/model.safetensors").names().size() ==
        Safetensors(trained(here, config_with(here, "{}"), "plain") + "/model/model.safetensors").names().size());
  const std::string from = R"({"small": {"use": "lora", "rank": 2, "from": ")" + run + R"(/model/adapters/small"}})";
  trained(here, config_with(here, from), "again");
  CHECK_FALSE(fs::exists(here.file("plain") + "/model/adapters"));
}

TEST_CASE("adapters: a prefix and a prompt stay in the model, which predicts with them", "[app][adapter]") {
  const Workplace here;
  const std::string run = trained(here, config_with(here, R"({"prefix": {"length": 4}, "prompt": {"length": 2}})"), "run");
  CHECK(Safetensors(run + "/model/model.safetensors").has("encoder.layer.1.attention.self.prefix.key"));
  CHECK(Safetensors(run + "/model/adapters/prompt/adapter_model.safetensors").tensor("prompt_embeddings").size(0) == 2);
  CHECK(evaluated(run) == reported(run));

  const std::string from = R"({"prefix": {"length": 4, "from": ")" + run + R"(/model/adapters/prefix"}})";
  const std::string second = trained(here, config_with(here, from), "second");
  fs::remove_all(run);
  CHECK(graft_command("predict " + second + " " + here.file("rows.csv")).exit ==
        0);  // needs no folder that training started from
}

TEST_CASE("adapters: mixout and reinit leave a plain model, and a killed run resumes to the same bits", "[app][adapter]") {
  const Workplace here;
  const std::string config = config_with(here, R"({"reinit": {"stages": 2}, "mixout": {}})");
  const std::string whole = trained(here, config, "whole"), killed = here.file("killed");
  for (const std::string& name : Safetensors(whole + "/model/model.safetensors").names())
    CHECK(name.find("mixout") == std::string::npos);
  CHECK(evaluated(whole) == reported(whole));
  REQUIRE(ended_at("train " + config + " --out " + killed, killed, 3, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + killed).exit == 0);
  const std::string file = "/model/model.safetensors";
  CHECK(graft::sha256_of_file(killed + file) == graft::sha256_of_file(whole + file));
}
