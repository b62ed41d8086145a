#include "core/config/overrides.hpp"

#include "catch.hpp"
#include "config_case.hpp"
#include "core/config/lookup.hpp"

using namespace graft;
using namespace graft::core;

namespace {

struct Case {
  Folder folder;
  Case() { folder.write("full.json", kFullConfig); }
  std::string get(const Path& path, const std::vector<std::string>& sets) const {
    const Value root = resolve_config(folder / "full.json", sets, sample_catalog()).root;
    const Value* value = value_at(root, path);
    return value ? to_json(*value) : "absent";
  }
  std::string problems(const std::string& set) const { return problems_of(folder, "full.json", {set}); }
};

}  // namespace

TEST_CASE("--set: a value is read by the type of its parameter", "[config]") {
  const Case full;
  REQUIRE(full.get({"pipeline", "tokens", "max_length"}, {"pipeline.tokens.max_length=64"}) == "64");
  REQUIRE(full.get({"pipeline", "tokens", "lower"}, {"pipeline.tokens.lower=false"}) == "false");
  REQUIRE(full.get({"pipeline", "tokens", "column"}, {"pipeline.tokens.column=64"}) == "\"64\"");
  REQUIRE(full.get({"optimizer", "learning_rate"}, {"optimizer.learning_rate=1e-3"}) == "0.001");
  REQUIRE(full.get({"run", "batch_size"}, {"run.batch_size=all"}) == "\"all\"");
  REQUIRE(full.get({"run", "batch_size"}, {"run.batch_size=8"}) == "8");
  REQUIRE(full.get({"phases", "warm", "train"}, {"phases.warm.train=heads,encoder.layer.5"}) ==
          R"(["heads", "encoder.layer.5"])");
  REQUIRE(full.get({"pipeline", "label", "classes"}, {"pipeline.label.classes=1,2"}) == R"(["1", "2"])");
  REQUIRE(full.get({"data", "movies", "source", "delimiter"}, {"data.movies.source.delimiter=\"\\t\""}) == "\"\\t\"");
  REQUIRE(full.get({"data", "movies", "source", "delimiter"}, {"data.movies.source.delimiter=="}) == "\"=\"");
  REQUIRE(full.get({"data", "movies", "source", "types"}, {R"(data.movies.source.types={"id": "text"})"}) ==
          R"({"text": "text", "id": "text"})");
  REQUIRE(full.get({"data", "movies", "source", "types"}, {"data.movies.source.types.id=number"}) ==
          R"({"text": "text", "id": "number"})");
  REQUIRE(full.get({"data", "movies", "split", "test", "delimiter"}, {"data.movies.split.test.delimiter=;"}) == "\";\"");
  REQUIRE(full.get({"task", "streams", "from"}, {"task.streams.from=*"}) == R"(["movies"])");
}

TEST_CASE("--set: the last word is the command line's, also over the entry *", "[config]") {
  const Case full;
  REQUIRE(full.get({"run", "seed"}, {"run.seed=1", "run.seed=2"}) == "2");
  REQUIRE(full.get({"heads", "sentiment", "smoothing"}, {"heads.*.smoothing=0.3"}) == "0.1");
  REQUIRE(full.get({"heads", "sentiment", "smoothing"}, {"heads.*.smoothing=0.3", "heads.sentiment.smoothing=null"}) == "0.0");
}

TEST_CASE("--set: null removes, and a new entry is made by its use or its name", "[config]") {
  const Case full;
  REQUIRE(full.get({"pipeline", "noise"}, {"pipeline.noise=null"}) == "absent");
  REQUIRE(full.get({"phases"}, {"phases=null"}) == "{}");
  REQUIRE(full.get({"evaluate", "patience"}, {"evaluate.patience=null"}) == "null");
  REQUIRE(full.get({"heads", "rating", "target"}, {"heads.rating.use=regress", "heads.rating.target=rating"}) == "\"rating\"");
  REQUIRE(full.get({"heads", "sentiment", "metrics", "pearson"}, {"heads.sentiment.metrics.pearson={}"}) ==
          R"({"use": "graft/pearson"})");
}

TEST_CASE("--set: another use starts the object afresh", "[config]") {
  const Case full;
  REQUIRE(full.get({"model"}, {"model.use=identity", "model.input=text"}) == R"({"use": "graft/identity", "input": "text"})");
  REQUIRE(full.problems("model.use=identity") == "--set: [graft/identity] input is required");
  REQUIRE(full.get({"optimizer", "learning_rate"}, {"optimizer.use=sgd"}) == "0.01");
}

TEST_CASE("--set: an unknown path is refused with the nearest name", "[config]") {
  const Case full;
  REQUIRE(full.problems("pipeline.tokens.max_lenght=64") ==
          "--set: pipeline.tokens.max_lenght: there is no max_lenght in pipeline.tokens, did you mean max_length?");
  REQUIRE(full.problems("pipeline.tokns.max_length=64") ==
          "--set: pipeline.tokns.max_length: there is no tokns in pipeline, did you mean tokens?");
  REQUIRE(full.problems("optimiser.clip=1") == "--set: optimiser.clip: there is no optimiser, did you mean optimizer?");
  REQUIRE(full.problems("run.epoch=1") == "--set: run.epoch: there is no epoch in run, did you mean epochs?");
  REQUIRE(full.problems("pipeline.tokns=null") == "--set: pipeline.tokns: there is no tokns in pipeline, did you mean tokens?");
  REQUIRE(full.problems("data.movies.split.test.delimeter=;") ==
          "--set: data.movies.split.test.delimeter: there is no delimeter in data.movies.split.test, did you mean delimiter?");
  REQUIRE(full.problems("run.epochs") == "--set: needs the form a.b.c=value, got run.epochs");
  REQUIRE(full.problems("run..epochs=1") == "--set: needs the form a.b.c=value, got run..epochs=1");
}

TEST_CASE("--set: a wrong value is refused as in a file, and the place says --set", "[config]") {
  const Case full;
  REQUIRE(full.problems("run.epochs=many") == "--set: run.epochs must be an integer, got \"many\"");
  REQUIRE(full.problems("pipeline.tokens.max_length=1") == "--set: [graft/wordpiece] max_length must be >= 2, got 1");
  REQUIRE(full.problems("model.use=brt") == "--set: model: there is no model brt, did you mean bert?");
  const Value root = resolve_config(full.folder / "full.json", {"run.seed=3"}, sample_catalog()).root;
  REQUIRE(root.at("run").at("seed").place.text() == "--set");
}
