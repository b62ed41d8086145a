// Heads that see the trunk through adapters of their own, from the config to the predictions: apart in training, saved, resumed.
#include "catch.hpp"
#include "command.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

using graft::parse_json;
using graft::read_json;
using graft::Safetensors;
using graft::Value;

namespace {

const char* const kKind = R"("kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}})";
const char* const kStars = R"("stars": {"use": "regress", "target": "stars", "metrics": {"pearson": {}}})";

// The small BERT of text_config with these heads and adapters; every parameter is stepped by its own gradient alone.
std::string config_with(const Workplace& here, const std::string& name, const std::string& heads, const std::string& adapters) {
  const std::string base = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  return here.write(name + ".json", R"({"extends": "films.json", "heads": {)" + heads + R"(}, "adapters": )" + adapters +
                                        R"(, "optimizer": {"learning_rate": 0.01, "clip": 0}})");
}

std::string trained(const Workplace& here, const std::string& config, const std::string& run) {
  const Outcome outcome = graft_command("train " + config + " --out " + here.file(run));
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return here.file(run);
}

const std::string kFile = "/model/model.safetensors";

// Tensors of the first run's model and heads whose names hold `part`, which the second has too, bit for bit.
int same_tensors(const std::string& a, const std::string& b, const std::string& part) {
  int count = 0;
  for (const std::string& path : {kFile, std::string("/model/heads.safetensors")}) {
    const Safetensors first(a + path), second(b + path);
    for (const std::string& name : first.names()) {
      if (name.find(part) == std::string::npos) continue;
      INFO(name);
      CHECK(first.tensor(name).equal(second.tensor(name)));
      ++count;
    }
  }
  return count;
}

Value evaluated(const std::string& run, const std::string& rows = "") {
  const Outcome outcome = graft_command("eval " + run + " " + rows + " --json");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return parse_json(outcome.output.substr(outcome.output.find("{\n")), "eval");
}

std::string refusal(const Workplace& here, const std::string& adapters) {
  const std::string config = config_with(here, "no", std::string(kKind) + ", " + kStars, adapters);
  const Outcome outcome = graft_command("train " + config + " --out " + here.file("no"));
  CHECK(outcome.exit == 2);
  return outcome.output;
}

}  // namespace

TEST_CASE("head adapters: a head with its own adapter ends where it ends alone, whatever another head learns",
          "[app][head_adapters]") {
  const Workplace here;
  const std::string both =
      config_with(here, "both", std::string(kKind) + ", " + kStars,
                  R"({"of_kind": {"use": "lora", "heads": "kind"}, "of_stars": {"use": "ia3", "heads": ["stars"]}})");
  const std::string alone = config_with(here, "alone", kKind, R"({"of_kind": {"use": "lora", "heads": ["kind"]}})");
  const std::string together = trained(here, both, "both"), apart = trained(here, alone, "alone");
  CHECK(same_tensors(apart, together, "of_kind.") == 2 * 2 * 2);  // A and B of query and value in two layers
  CHECK(same_tensors(apart, together, "heads.kind.") == 2);
  CHECK(same_tensors(apart, together, "embeddings.") > 0);
  CHECK(Safetensors(together + kFile).names().size() > Safetensors(apart + kFile).names().size());
}

TEST_CASE("head adapters: eval, predict and embed of a saved run give each head its own view", "[app][head_adapters]") {
  const Workplace here;
  const std::string config = config_with(here, "run", std::string(kKind) + ", " + kStars,
                                         R"({"all": {"use": "lora"}, "of_stars": {"use": "lora", "rank": 2, "heads": "stars"}})");
  const std::string run = trained(here, config, "run");
  const Value reported = read_json(run + "/report.json").at("metrics").at("test"), again = evaluated(run);
  for (const char* name : {"films/kind/accuracy", "films/stars/pearson"}) CHECK(again.at(name) == reported.at(name));

  CHECK(evaluated(run, here.file("rows.csv")).at("films/stars/pearson").is_number());
  const Outcome predicted = graft_command("predict " + run + " --text 'a fine and moving film'");
  CHECK(predicted.exit == 0);
  CHECK(predicted.output.find("stars") != std::string::npos);

  const std::string file = here.file("features.safetensors");
  REQUIRE(graft_command("embed " + run + " " + here.file("rows.csv") + " --out " + file).exit == 0);
  const Safetensors features(file);
  CHECK_FALSE(features.tensor("features").equal(features.tensor("features@of_stars")));
  CHECK(std::filesystem::exists(run + "/model/adapters/of_stars/adapter_config.json"));
}

TEST_CASE("head adapters: a killed run resumes to the same bits", "[app][head_adapters][resume]") {
  const Workplace here;
  const std::string config =
      config_with(here, "run", std::string(kKind) + ", " + kStars,
                  R"({"of_kind": {"use": "lora", "heads": "kind"}, "of_stars": {"use": "prefix", "heads": "stars"}})");
  const std::string whole = trained(here, config, "whole"), killed = here.file("killed");
  REQUIRE(ended_at("train " + config + " --out " + killed, killed, 10, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + killed).exit == 0);
  CHECK(graft::sha256_of_file(killed + kFile) == graft::sha256_of_file(whole + kFile));
}

TEST_CASE("head adapters: a head that is not there, and an adapter that changes the model for all, are refused",
          "[app][head_adapters][bad]") {
  const Workplace here;
  CHECK(refusal(here, R"({"lora": {"heads": ["kin"]}})").find("adapters.lora.heads: there is no head kin, did you mean kind?") !=
        std::string::npos);
  const std::string shared =
      " heads must be null for an adapter that acts on the model itself, which all heads share: adapters.own ";
  CHECK(refusal(here, R"({"own": {"use": "reinit", "heads": "kind"}})").find("[graft/reinit]" + shared + "changes pooler.") !=
        std::string::npos);
  CHECK(refusal(here, R"({"own": {"use": "lora", "init": "pissa", "heads": "kind"}})")
            .find("[graft/lora]" + shared + "changes encoder.layer.0.") != std::string::npos);
  CHECK(refusal(here, R"({"own": {"use": "bitfit", "heads": "kind"}})").find("[graft/bitfit]" + shared + "leaves ") !=
        std::string::npos);
}
