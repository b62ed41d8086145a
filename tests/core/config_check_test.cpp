#include "core/config/check.hpp"

#include "catch.hpp"
#include "config_case.hpp"

using namespace graft;
using namespace graft::core;

namespace {

// Problems of a whole config in which `section` (with its key) replaces the sample's.
std::string problems(const std::string& section, const std::vector<std::string>& removed = {}) {
  const Folder folder;
  folder.write("base.json", kFullConfig);
  std::string text = "{\"extends\": \"base.json\",\n";
  for (const std::string& key : removed) text += "\"" + key + "\": null,";
  folder.write("c.json", text + section + "}");
  return problems_of(folder, "c.json");
}

std::string lines(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& line : all) text += (text.empty() ? "" : "\n") + line;
  return text;
}

}  // namespace

TEST_CASE("config: all problems come at once, in the order of the file", "[config]") {
  const Folder folder;
  folder.write("config.json", R"({
  "run": {"epohcs": 3, "batch_size": 0},
  "data": {"movies": {"source": {"use": "cvs", "path": "movie.tsv"}}},
  "pipeline": {"tokens": {"use": "wordpiece", "column": "text", "vocabulary": "tokeniser.json",
                          "max_lenght": 64}},
  "modle": {"use": "bert"},
  "heads": {"sentiment": {"use": "classify", "smoothing": 1}}
})");
  REQUIRE(problems_of(folder, "config.json") ==
          lines({"config.json:1:1: model is required", "config.json:2:11: run.epohcs is not a parameter, did you mean epochs?",
                 "config.json:2:38: run.batch_size must be >= 1, got 0",
                 "config.json:3:41: data.movies.source: there is no source cvs, did you mean csv?",
                 "config.json:4:79: [graft/wordpiece] vocabulary: tokeniser.json does not exist, did you mean tokenizer.json?",
                 "config.json:5:27: [graft/wordpiece] max_lenght is not a parameter, did you mean max_length?",
                 "config.json:6:3: modle is not a parameter, did you mean model?",
                 "config.json:7:26: [graft/classify] target is required",
                 "config.json:7:59: [graft/classify] smoothing must be < 1, got 1"}));
}

TEST_CASE("config: a component of another kind is named as what it is", "[config]") {
  REQUIRE(problems(R"("model": {"use": "classify"})") == "c.json:2:18: model: classify is a head, not a model");
  REQUIRE(problems(R"("pipeline": {"x": {"use": "bert"}})") ==
          "c.json:2:27: pipeline.x: bert is a model, not an extractor or augmenter");
  REQUIRE(problems(R"("model": {"use": "acme/bert"})") ==
          "c.json:2:18: model: there is no model acme/bert; graft list shows what there is");
  REQUIRE(problems(R"("model": {"use": 5})") == "c.json:2:18: model.use must be a string, got 5");
}

TEST_CASE("config: an entry without use goes by its own name", "[config]") {
  REQUIRE(problems(R"("adapters": {"lora": {}})").empty());
  REQUIRE(problems(R"("adapters": {"loar": {}})") == "c.json:2:14: adapters.loar: there is no adapter loar, did you mean lora?");
  REQUIRE(problems(R"("adapters": {"small": {}})") == "c.json:2:23: adapters.small.use is required: which adapter it is");
  REQUIRE(problems(R"("heads": {"x": {"ues": "classify", "target": "label"}})") ==
          "c.json:2:17: heads.x.ues is not a parameter, did you mean use?");
}

TEST_CASE("config: the core's own components say what there is", "[config]") {
  REQUIRE(problems(R"("optimizer": {"use": "adam"})") ==
          "c.json:2:22: optimizer.use must be adamw, sgd, lbfgs or least_squares, got adam, did you mean adamw?");
  REQUIRE(problems(R"("average": {"use": "emma"})") ==
          "c.json:2:20: average.use must be none, ema, swa or soup, got emma, did you mean ema?");
  REQUIRE(problems(R"("optimizer": {"learning_rate": 0})") == "c.json:2:32: optimizer.learning_rate must be > 0, got 0");
  REQUIRE(problems(R"("schedule": {"warmup": 1.5})") ==
          "c.json:2:24: schedule.warmup must be a share of at most 1 or a whole number of steps, got 1.5");
  REQUIRE(problems(R"("schedule": {"warmup": 100})").empty());
}

TEST_CASE("config: words of other frameworks are answered with graft's", "[config]") {
  REQUIRE(problems(R"("run": {"num_train_epochs": 3})") ==
          "c.json:2:9: run.num_train_epochs is not a parameter, graft calls it run.epochs");
  REQUIRE(problems(R"("optimizer": {"lr": 3})") ==
          "c.json:2:15: optimizer.lr is not a parameter, graft calls it optimizer.learning_rate");
  REQUIRE(problems(R"("per_device_train_batch_size": 3)") ==
          "c.json:2:1: per_device_train_batch_size is not a parameter, graft calls it run.batch_size");
  REQUIRE(problems(R"("optimizer": {"weight_decay_rate": 0})") ==
          "c.json:2:15: optimizer.weight_decay_rate is not a parameter, graft calls it optimizer.weight_decay");
  REQUIRE(problems(R"("model": {"batch_size": 3})") ==
          "c.json:2:11: [graft/bert] batch_size is not a parameter, graft calls it run.batch_size");
}

TEST_CASE("config: names with dots or slashes and reserved sections are refused", "[config]") {
  REQUIRE(problems(R"("heads": {"a.b": {"use": "classify", "target": "label"}})") ==
          "c.json:2:11: heads: the name of a head has no dots and no slashes and is not empty, got \"a.b\"");
  REQUIRE(problems(R"("pipeline": {"a/b": {"use": "eda", "column": "text"}})") ==
          "c.json:2:14: pipeline: the name of a step has no dots and no slashes and is not empty, got \"a/b\"");
  REQUIRE(problems(R"("search": {})") == "c.json:2:11: search is reserved for graft search, which this version does not have");
  REQUIRE(problems(R"("$schema": "schema.json")").empty());
  REQUIRE(problems(R"("graft": 2)") == "c.json:2:10: graft must be 1, got 2");
  REQUIRE(problems(R"("model": {"before": "x"})") ==
          "c.json:2:11: [graft/bert] before is not a parameter; there are use, input and weights");
}

TEST_CASE("config: streams that are named exist", "[config]") {
  REQUIRE(problems(R"("pipeline": {"noise": {"streams": ["movis"]}})") ==
          "c.json:2:36: pipeline.noise.streams: there is no stream movis, did you mean movies?");
  REQUIRE(problems(R"("pipeline": {"tokens": {"fit_on": "movis"}})") ==
          "c.json:2:35: pipeline.tokens.fit_on: there is no stream movis, did you mean movies?");
  REQUIRE(problems(R"("heads": {"sentiment": {"streams": "tweets"}})") ==
          "c.json:2:36: heads.sentiment.streams: there is no stream tweets; there is movies");
  REQUIRE(problems(R"("task": {"streams": {"to": ["movies", "tweet"]}})") ==
          "c.json:2:39: task.streams.to: there is no stream tweet; there is movies");
  REQUIRE(problems(R"("data": {"movies": null})").starts_with("c.json:2:9: data needs at least one stream"));
}

TEST_CASE("config: epochs of the phases add up to the run's", "[config]") {
  REQUIRE(problems(R"("phases": {"warm": {"epochs": 2}, "all": {"epochs": 2}})") ==
          "c.json:2:11: the epochs of the phases must add up to run.epochs: they are 4, run.epochs is 3");
  REQUIRE(problems(R"("phases": {"warm": {"epochs": 3}})") ==
          "base.json:22:77: phases.all has no epochs left: those before it take 3, run.epochs is 3");
  REQUIRE(problems(R"("phases": {"warm": {"epochs": null}})") ==
          "c.json:2:20: phases.warm.epochs is required: only the last phase may leave it out");
}

TEST_CASE("config: shares of a split are sound", "[config]") {
  REQUIRE(problems(R"("data": {"movies": {"split": {"valid": 0.5, "test": 0.5}}})") ==
          "c.json:2:30: data.movies.split: valid and test together must be < 1, got 1.0");
  REQUIRE(problems(R"("data": {"movies": {"split": {"column": "part"}}})") ==
          "base.json:8:26: data.movies.split.valid and data.movies.split.column exclude each other: the column says which rows "
          "those are");
  REQUIRE(problems(R"("data": {"movies": {"split": {"column": "part", "valid": null, "test": null}}})").empty());
}

TEST_CASE("config: a component inside a component is checked like any other", "[config]") {
  REQUIRE(problems(R"("model": {"use": "twin", "trunk": {"use": "bert", "input": "tokens"}})").empty());
  REQUIRE(problems(R"("model": {"use": "twin", "trunk": {"use": "bert", "inptu": "tokens"}})") ==
          lines({"c.json:2:35: [graft/bert] input is required",
                 "c.json:2:51: [graft/bert] inptu is not a parameter, did you mean input?"}));
  REQUIRE(problems(R"("task": {"balancer": {"prior": 0}})").find("[graft/uw] prior must be > 0, got 0") != std::string::npos);
}

TEST_CASE("config: inputs must exist, and the message says what was near", "[config]") {
  REQUIRE(problems(R"("model": {"weights": "model.safetensor"})") ==
          "c.json:2:22: [graft/bert] weights: model.safetensor does not exist, did you mean model.safetensors?");
  REQUIRE(problems(R"("model": {"weights": "models/x/model.safetensors"})") ==
          "c.json:2:22: [graft/bert] weights: models/x/model.safetensors does not exist, nor does models");
  REQUIRE(problems(R"("model": {"weights": "."})").empty());  // a folder is an input, too
}

TEST_CASE("config: packages that a file needs are known", "[config]") {
  REQUIRE(problems(R"("plugins": {"graft-modle": ">=0.1"})") ==
          "c.json:2:13: plugins.graft-modle: no such package is installed, did you mean graft-model?");
}

TEST_CASE("config: hf:name is a folder of the local cache", "[config]") {
  const Folder folder;
  folder.write("hub/models--org--tiny/refs/main", "abc\n");
  folder.write("hub/models--org--tiny/snapshots/abc/config.json", "{}");
  folder.write("c.json", kFullConfig);
  setenv("HF_HUB_CACHE", (folder / "hub").c_str(), 1);
  const Value root = resolve_config(folder / "c.json", {"model.weights=hf:org/tiny"}, sample_catalog()).root;
  REQUIRE(root.at("model").at("weights") == Value(folder / "hub/models--org--tiny/snapshots/abc"));
  REQUIRE(
      problems_of(folder, "c.json", {"model.weights=hf:org/other"}) ==
      "--set: [graft/bert] weights: hf:org/other is not in the local Hugging Face cache: hub/models--org--other does not exist");
  unsetenv("HF_HUB_CACHE");
}
