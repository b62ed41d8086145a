// Augmentation by the host's keys (p, by, until_epoch, one_of) in whole runs.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using namespace graft;

namespace {

// Two edits that share the rows, one of them by class, one in the first epoch alone.
std::string augmented_config(const Workplace& here) {
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  return here.write("augmented.json", R"({"extends": "films.json", "pipeline": {
    "noise": {"one_of": "edits", "p": {"good": 0.8, "*": 0.3}, "by": "label"},
    "less": {"use": "eda", "column": "review", "before": "tokens", "one_of": "edits", "alpha_rd": 0.3, "until_epoch": 1}}})");
}

// What each step was offered and what it changed, by class.
std::string augment_of(const std::string& run) { return to_json(read_json(run + "/report.json").at("augment")); }

std::string weights_of(const std::string& run) { return read_file(run + "/model/model.safetensors"); }

}  // namespace

TEST_CASE("augmented: runs with 1, 2 and no loader threads end in the same bits", "[app][augment][determinism]") {
  const Workplace here;
  const std::string config = augmented_config(here);
  for (const char* threads : {"1", "2", "0"}) {
    const Outcome trained =
        graft_command("train " + config + " --out " + here.file(threads) + " --set run.loader_threads=" + threads);
    INFO(trained.output);
    REQUIRE(trained.exit == 0);
    CHECK(weights_of(here.file(threads)) == weights_of(here.file("1")));
    CHECK(augment_of(here.file(threads)) == augment_of(here.file("1")));
  }
}

TEST_CASE("augmented: killed in either epoch and resumed, a run ends in the same bits", "[app][augment][resume]") {
  const Workplace here;
  const std::string config = augmented_config(here);
  REQUIRE(graft_command("train " + config + " --out " + here.file("whole")).exit == 0);
  for (const int step : {5, 20}) {
    const std::string run = here.file("killed-" + std::to_string(step));
    REQUIRE(ended_at("train " + config + " --out " + run, run, step, SIGKILL));
    REQUIRE(graft_command("train --resume --out " + run).exit == 0);
    CHECK(weights_of(run) == weights_of(here.file("whole")));
    CHECK(augment_of(run) == augment_of(here.file("whole")));
  }
}

TEST_CASE("augmented: the report counts what each step changed of each class, each training row once an epoch",
          "[app][augment][report]") {
  const Workplace here;
  const std::string run = here.file("run");
  REQUIRE(graft_command("train " + augmented_config(here) + " --out " + run).exit == 0);
  const Value report = read_json(run + "/report.json");
  const Value::List& steps = report.at("augment").list();
  REQUIRE(steps.size() == 2);
  const auto sum = [](const Value& step, const char* key) {
    return step.at(key).list()[0].integer() + step.at(key).list()[1].integer();
  };
  for (const Value& step : steps) {
    CHECK(step.at("heads") == Value(Value::List{"kind"}));
    CHECK(step.at("classes") == Value(Value::List{"bad", "good"}));
    CHECK(sum(step, "offered") == 2 * report.at("splits").at("train").integer());
    CHECK(step.at("no_label").at("offered").integer() == 0);
    CHECK((sum(step, "changed") > 0 && sum(step, "changed") < sum(step, "offered")));
  }
  const auto changed = [&](int step, int label) {
    return static_cast<double>(steps[step].at("changed").list()[label].integer()) /
           static_cast<double>(steps[step].at("offered").list()[label].integer());
  };
  CHECK(changed(0, 1) > 1.5 * changed(0, 0));                      // p 0.8 of good, 0.3 of bad
  CHECK(sum(steps[1], "changed") < sum(steps[1], "offered") / 3);  // half of the first of two epochs
  const std::string page = read_file(run + "/report.html");
  CHECK(page.find("<h2>Augmentation</h2>") != std::string::npos);
  CHECK(page.find("<th scope=\"col\" class=\"n\">recall of kind on test</th>") != std::string::npos);
}

TEST_CASE("augmented: noise on hidden tensors trains, and resumes to the same bits", "[app][augment][resume]") {
  const Workplace here;
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  const std::string config = here.write("hidden.json", R"({"extends": "films.json", "pipeline": {
    "neftune": {"column": "tokens", "until_epoch": 1},
    "cut": {"use": "feature_cutoff", "column": "tokens"},
    "mix": {"use": "manifold_mixup", "label": "label"}}})");
  const Outcome whole = graft_command("train " + config + " --out " + here.file("whole"));
  INFO(whole.output);
  REQUIRE(whole.exit == 0);
  const std::string run = here.file("killed");
  REQUIRE(ended_at("train " + config + " --out " + run, run, 5, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  CHECK(weights_of(run) == weights_of(here.file("whole")));
  CHECK(augment_of(run) == augment_of(here.file("whole")));
  const Outcome without = graft_command("train " + config + " --set pipeline.neftune=null --out " + here.file("without"));
  REQUIRE(without.exit == 0);
  CHECK(weights_of(here.file("without")) != weights_of(here.file("whole")));
}

TEST_CASE("augmented: a point that the model lacks, and rows left out of hidden noise, are refused", "[app][augment]") {
  const Workplace here;
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(100))));
  const auto refused = [&](const std::string& keys) {
    const std::string config =
        here.write("hidden.json", R"({"extends": "films.json", "pipeline": {"neftune": {"column": "tokens", )" + keys + "}}}");
    return graft_command("train " + config + " --overwrite --out " + here.file("run"));
  };
  const Outcome point = refused("\"point\": \"layer.7\"");
  CHECK(point.exit != 0);
  CHECK(point.output.find("the model has no point layer.7; it has embeddings, layer.0, layer.1, features") != std::string::npos);
  const Outcome some = refused("\"p\": 0.5");
  CHECK(some.exit != 0);
  CHECK(some.output.find(
            "neftune: graft/neftune changes hidden tensors of whole batches, so no row can be left out: p must be 1 and "
            "one_of null") != std::string::npos);
}
