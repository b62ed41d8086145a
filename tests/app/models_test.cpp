// Models that hold a model, from the config to the saved folder: columns, weights, stages, adapters and outputs of the inner one.
#include "catch.hpp"
#include "command.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Safetensors;
using graft::Value;
namespace fs = std::filesystem;

namespace {

const char* const kSteps = R"(
    "label": {"use": "category", "column": "kind"},
    "tokens": {"use": "wordpiece", "column": "review", "vocabulary": ")" GRAFT_TEST_DATA
                           R"(/wordpiece_vocabulary.json", "max_length": 32},
    "tokens_b": {"use": "wordpiece", "column": "kind", "vocabulary": ")" GRAFT_TEST_DATA R"(/wordpiece_vocabulary.json"})";

const char* const kBert = R"({"use": "bert", "input": "tokens", "vocab_size": 2000, "hidden_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 64})";

// Rows of texts and numbers with that model, one pass over 120 rows.
std::string config_with(
    const Workplace& here, const std::string& name, const std::string& model,
    const std::string& heads = R"({"kind": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}}})") {
  return here.write(name + ".json", R"({"graft": 1, "run": {"seed": 3, "epochs": 1, "batch_size": 16, "precision": "fp32"},
  "data": {"films": {"source": {"use": "csv", "path": ")" +
                                        here.write("rows.csv", rows_csv(120)) +
                                        R"("}}},
  "pipeline": {)" + kSteps + R"(},
  "model": )" + model + R"(,
  "heads": )" + heads + R"(,
  "optimizer": {"use": "adamw", "learning_rate": 0.002}, "checkpoint": {"every": 3}})");
}

std::string twin_of(const std::string& trunk) {
  return R"({"use": "twin", "first": "tokens", "second": "tokens_b", "trunk": )" + trunk + "}";
}

const char* const kTwoHeads = R"({"mood": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}},
    "stars": {"use": "regress", "target": "stars", "metrics": {"mae": {}}}})";

std::string mixture_of(const std::string& use, const std::string& trunk = R"({"use": "identity", "input": ["x", "y"]})") {
  return R"({"use": ")" + use + R"(", "outputs": ["mood", "stars"], "hidden": [8], "trunk": )" + trunk + "}";
}

Outcome trained(const std::string& config, const std::string& run, const std::string& more = "") {
  const Outcome outcome = graft_command("train " + config + " --out " + run + " " + more);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return outcome;
}

std::string weights_of(const std::string& run) {
  std::string all;
  for (const char* file : {"/model/model.safetensors", "/model/heads.safetensors", "/model/trunk/model.safetensors"})
    all += graft::sha256_of_file(run + file);
  return all;
}

bool says(const Outcome& outcome, const std::string& text) {
  INFO(outcome.output);
  const bool found = outcome.output.find(text) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("models: a twin takes a trained encoder, and its own folder serves as weights again", "[app][models]") {
  const Workplace here;
  trained(config_with(here, "alone", kBert), here.file("alone"), "--set run.steps=1");
  const std::string weights = here.file("alone") + "/model";
  const std::string twin =
      config_with(here, "pairs", twin_of(R"({"use": "bert", "input": "tokens", "weights": ")" + weights + "\"}"));
  trained(twin, here.file("pairs"), "--set optimizer.learning_rate=1e-9 --set run.steps=1");
  const Safetensors before(weights + "/model.safetensors"), after(here.file("pairs") + "/model/trunk/model.safetensors");
  CHECK(before.names() == after.names());
  const std::string name = "encoder.layer.1.output.dense.weight";
  CHECK(before.tensor(name).sub(after.tensor(name)).abs().max().item<double>() < 1e-6);
  CHECK(read_json(here.file("pairs") + "/lock.json").find("weights"));

  // what the run keeps is enough: the encoder that it began from may go
  fs::remove_all(here.file("alone"));
  const std::string rows = here.file("rows.csv");
  const Outcome predicted = graft_command("predict " + here.file("pairs") + " " + rows);
  INFO(predicted.output);
  CHECK(predicted.exit == 0);
  CHECK(graft_command("eval " + here.file("pairs") + " " + rows).exit == 0);
  trained(
      config_with(here, "again", R"({"use": "bert", "input": "tokens", "weights": ")" + here.file("pairs") + "/model/trunk\"}"),
      here.file("again"), "--set run.steps=1");
}

TEST_CASE("models: parameters of the inner model are checked and explained as those of the outer one", "[app][models]") {
  const Workplace here;
  const std::string config = config_with(here, "pairs", twin_of(kBert));
  const Outcome explained = graft_command("explain " + config);
  says(explained, "model.trunk.use = \"graft/bert\"");
  says(explained, "model.trunk.pooling = \"pooler\"");
  says(graft_command("check " + config + " --set model.trunk.poling=cls"),
       "model.trunk.poling: there is no poling in model.trunk, did you mean pooling?");
  says(graft_command("check " + config + " --set model.trunk.weights=nowhere"), "[graft/bert] weights: ");
  says(graft_command("check " + config + " --set model.trunk.input=tokns"),
       "[graft/bert] there is no column tokns, did you mean tokens?");
  says(graft_command("check " + config + " --set model.trunk.use=brt"),
       "[graft/twin] trunk: there is no model brt, did you mean bert?");
  says(graft_command("check " + config + " --set model.trunk=null"), "trunk is required");
  const Outcome schema = graft_command("schema");
  says(schema, "model:graft.twin");
}

TEST_CASE("models: a kind of column in the inner model leaves targets out", "[app][models]") {
  const Workplace here;
  const std::string config =
      config_with(here, "kinds", mixture_of("mmoe", R"({"use": "identity", "input": "@number"})"), kTwoHeads);
  trained(config, here.file("run"));
  const Value inner = read_json(here.file("run") + "/model/graft.json").at("model").at("trunk");
  CHECK(to_json(inner.at("input")) == R"(["x", "y"])");
}

TEST_CASE("models: stages of the inner model freeze by their names, and adapters find its layers", "[app][models]") {
  const Workplace here;
  const std::string config = config_with(here, "pairs", twin_of(kBert));
  const Outcome frozen = trained(config, here.file("frozen"), "--set phases.all.train=heads,trunk.pooler");
  trained(config, here.file("start"), "--set phases.all.train=heads,trunk.pooler --set run.steps=1");
  const Safetensors first(here.file("start") + "/model/trunk/model.safetensors"),
      last(here.file("frozen") + "/model/trunk/model.safetensors");
  CHECK(first.tensor("encoder.layer.0.output.dense.weight").equal(last.tensor("encoder.layer.0.output.dense.weight")));
  CHECK_FALSE(first.tensor("pooler.dense.weight").equal(last.tensor("pooler.dense.weight")));

  const std::string lora = here.write("lora.json", R"({"extends": "pairs.json", "adapters": {"lora": {"rank": 2}}})");
  trained(lora, here.file("lora"));
  CHECK(graft_command("predict " + here.file("lora") + " " + here.file("rows.csv")).exit == 0);
}

TEST_CASE("models: mmoe and cgc give each head a column of its own, which embed writes", "[app][models]") {
  const Workplace here;
  for (const char* use : {"mmoe", "cgc"}) {
    const std::string run = here.file(use), config = config_with(here, use, mixture_of(use), kTwoHeads);
    trained(config, run, "--set run.epochs=3");
    CHECK(graft_command("eval " + run + " " + here.file("rows.csv")).exit == 0);
    const Outcome embedded = graft_command("embed " + run + " " + here.file("rows.csv") + " --out " + here.file("e.safetensors"));
    says(embedded, "mood [120, 8], stars [120, 8]");
    CHECK_FALSE(
        Safetensors(here.file("e.safetensors")).tensor("mood").equal(Safetensors(here.file("e.safetensors")).tensor("stars")));
  }
}

TEST_CASE("models: a head says which output it reads, and one that nobody reads is warned of", "[app][models]") {
  const Workplace here;
  const auto with_heads = [&](const std::string& heads) { return config_with(here, "heads", mixture_of("mmoe"), heads); };
  const std::string one = R"({"kind": {"use": "classify", "target": "label", "input": "mood", "metrics": {"accuracy": {}}}})";
  says(trained(with_heads(one), here.file("one")), "gives stars, which no head reads: what makes it will not train");
  says(graft_command("check " + with_heads(R"({"kind": {"use": "classify", "target": "label"}})")),
       "[graft/classify] the model gives neither features nor a column kind, it gives mood, stars: set input");
  says(graft_command("check " + with_heads(R"({"kind": {"use": "classify", "target": "label", "input": "moood"}})")),
       "[graft/classify] there is no column moood, did you mean mood?");
}

TEST_CASE("models: heads with columns of their own are balanced at the parameters, and frozen ones trained from what was kept",
          "[app][models]") {
  const Workplace here;
  const std::string config = config_with(here, "two", mixture_of("mmoe"), kTwoHeads);
  const std::string balanced = "--set task.use=multi_task --set task.balancer.use=pcgrad";
  const Outcome refused = graft_command("train " + config + " --out " + here.file("no") + " " + balanced);
  CHECK(refused.exit == 2);
  says(refused,
       "graft/pcgrad compares the gradients of tasks at what the model gives, but each head reads a column of its own, mood and "
       "stars, where they never meet: set at to last_stage or parameters");
  trained(config, here.file("yes"), balanced + " --set task.at=parameters");
  const Value balance = read_json(here.file("yes") + "/report.json").at("balance");
  CHECK(std::abs(balance.at("cosines").list()[0].list()[1].number()) > 1e-6);  // the experts are where they meet

  says(trained(config, here.file("frozen"), "--set phases.all.train=heads"), "frozen   features of ");
}

TEST_CASE("models: heads that share an output are balanced at the features", "[app][models]") {
  const Workplace here;
  const std::string heads = R"({"mood": {"use": "classify", "target": "label", "input": "features", "metrics": {"accuracy": {}}},
      "stars": {"use": "regress", "target": "stars", "input": "features", "metrics": {"mae": {}}},
      "first": {"use": "regress", "target": "x", "input": "first", "metrics": {"mae": {}}}})";
  const std::string config = config_with(here, "shared", twin_of(kBert), heads);
  trained(config, here.file("run"), "--set task.use=multi_task --set task.balancer.use=pcgrad");
  CHECK(read_json(here.file("run") + "/report.json").at("balance").at("at") == Value("features"));
}

TEST_CASE("models: stopped and resumed, a run of a model in a model ends in the same bits", "[app][models][resume]") {
  const Workplace here;
  trained(config_with(here, "alone", kBert), here.file("alone"), "--set run.steps=1");
  const std::string trunk = R"({"use": "bert", "input": "tokens", "weights": ")" + here.file("alone") + "/model\"}";
  const std::string config = config_with(here, "two", mixture_of("cgc", trunk), kTwoHeads), run = here.file("run");
  trained(config, run + "-whole", "--set run.epochs=4");
  REQUIRE(ended_at("train " + config + " --out " + run + " --set run.epochs=4", run, 9, SIGKILL));
  const Outcome resumed = graft_command("train --resume --out " + run);
  INFO(resumed.output);
  REQUIRE(resumed.exit == 0);
  CHECK(weights_of(run) == weights_of(run + "-whole"));
}
