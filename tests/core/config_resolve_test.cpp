#include "core/config/resolve.hpp"

#include "catch.hpp"
#include "config_case.hpp"
#include "core/config/lookup.hpp"

using namespace graft;
using namespace graft::core;

namespace {

constexpr const char* kSmall = R"({
  "data": {"movies": {"source": {"use": "csv", "path": "movie.tsv"}}},
  "model": {"use": "identity", "input": "text"},
  "heads": {"sentiment": {"use": "classify", "target": "label"}}
}
)";

Value resolved(const Folder& folder, const std::string& file, const std::vector<std::string>& sets = {}) {
  return resolve_config(folder / file, sets, sample_catalog()).root;
}

const Value& get(const Value& root, const Path& path) {
  const Value* value = value_at(root, path);
  REQUIRE(value);
  return *value;
}

}  // namespace

TEST_CASE("config: a small file resolves to every section, in the order of the data's way", "[config]") {
  const Folder folder;
  folder.write("small.json", kSmall);
  const ResolvedConfig config = resolve_config(folder / "small.json", {}, sample_catalog());
  REQUIRE(config.name == "small");
  REQUIRE(config.files == std::vector<std::string>{folder / "small.json"});
  REQUIRE(keys_of(config.root) == std::vector<std::string>{"graft", "run", "data", "pipeline", "model", "adapters", "heads",
                                                           "task", "phases", "optimizer", "schedule", "average", "evaluate",
                                                           "checkpoint", "plugins"});
  REQUIRE(get(config.root, {"optimizer", "use"}) == Value("graft/adamw"));
  REQUIRE(get(config.root, {"optimizer", "learning_rate"}) == Value(5e-5));
  REQUIRE(get(config.root, {"optimizer", "learning_rate"}).place.text() == "default");
  REQUIRE(get(config.root, {"task", "use"}) == Value("graft/transfer"));
  REQUIRE(get(config.root, {"data", "movies", "split", "valid"}) == Value(0.1));
  REQUIRE(get(config.root, {"model", "use"}) == Value("graft/identity"));
  REQUIRE(get(config.root, {"model", "use"}).place.text() == (folder / "small.json") + ":3:20");
  REQUIRE(get(config.root, {"data", "movies", "source", "path"}) == Value(folder / "movie.tsv"));
}

TEST_CASE("config: what was resolved resolves again to the same", "[config]") {
  const Folder folder;
  folder.write("full.json", kFullConfig);
  const Value once = resolved(folder, "full.json");
  const std::string again = folder.write("run/config.json", to_json(once, 2));
  REQUIRE(to_json(resolved(folder, "run/config.json"), 2) == to_json(once, 2));
  REQUIRE(load_resolved(again) == once);
}

TEST_CASE("config: names of streams become lists and an own split source is whole", "[config]") {
  const Folder folder;
  folder.write("full.json", kFullConfig);
  const Value root = resolved(folder, "full.json");
  REQUIRE(to_json(get(root, {"task", "streams", "main"})) == R"(["movies"])");
  REQUIRE(get(root, {"data", "movies", "split", "test", "path"}) == Value(folder / "test.tsv"));
  REQUIRE(get(root, {"data", "movies", "split", "test", "delimiter"}) == Value("\t"));
  REQUIRE(get(root, {"task", "balancer", "use"}) == Value("graft/uw"));
  REQUIRE(get(root, {"phases", "all", "epochs"}) == Value(2));
  REQUIRE(get(root, {"adapters", "lora", "use"}) == Value("graft/lora"));
}

TEST_CASE("config: extends merges files in order, each path from its own folder", "[config]") {
  const Folder folder;
  folder.write("base/base.json", kSmall);
  folder.write("base/movie.tsv", "");
  folder.write("more.json", R"({"run": {"seed": 5, "epochs": 2}})");
  folder.write(
      "top.json",
      R"({"extends": ["base/base.json", "more.json"], "run": {"epochs": 4}, "heads": {"sentiment": {"smoothing": 0.1}}})");
  const ResolvedConfig config = resolve_config(folder / "top.json", {}, sample_catalog());
  REQUIRE(get(config.root, {"run", "seed"}) == Value(5));
  REQUIRE(get(config.root, {"run", "seed"}).place.text() == (folder / "more.json") + ":1:18");
  REQUIRE(get(config.root, {"run", "epochs"}) == Value(4));
  REQUIRE(get(config.root, {"heads", "sentiment", "target"}) == Value("label"));
  REQUIRE(get(config.root, {"data", "movies", "source", "path"}) == Value(folder / "base/movie.tsv"));
  REQUIRE(config.files == std::vector<std::string>{folder / "top.json", folder / "base/base.json", folder / "more.json"});
}

TEST_CASE("config: files that extend each other in a circle are refused with the chain", "[config]") {
  const Folder folder;
  folder.write("a.json", "{\"extends\": \"b.json\"}");
  folder.write("b.json", "{\n  \"extends\": [\"a.json\"]}");
  REQUIRE(problems_of(folder, "a.json") == "b.json:2:15: extends goes in a circle: a.json -> b.json -> a.json");
  folder.write("c.json", "{\"extends\": \"a.jsn\"}");
  REQUIRE(problems_of(folder, "c.json") == "c.json:1:13: extends: a.jsn does not exist, did you mean a.json?");
}

TEST_CASE("config: a file that cannot be read or is not JSON is one problem", "[config]") {
  const Folder folder;
  folder.write("bad.json", "{\"a\": 1,\n \"a\": 2}");
  REQUIRE(problems_of(folder, "bad.json") == "bad.json:2:2: the key a is written twice");
  folder.write("list.json", "[]");
  REQUIRE(problems_of(folder, "list.json") == "list.json:1:1: a config is an object, got []");
  REQUIRE(problems_of(folder, "none.json").starts_with("none.json: "));
}

TEST_CASE("config: an object whose use changes starts afresh", "[config]") {
  const Folder folder;
  folder.write("base.json", kFullConfig);
  folder.write("top.json",
               R"({"extends": "base.json", "model": {"use": "identity", "input": "tokens"}, "task": {"use": "transfer"}})");
  const Value root = resolved(folder, "top.json");
  REQUIRE(to_json(get(root, {"model"})) == R"({"use": "graft/identity", "input": "tokens"})");
  REQUIRE(to_json(get(root, {"task"})) == R"({"use": "graft/transfer", "streams": {"main": ["movies"]}})");  // roles stay
}

TEST_CASE("config: another task keeps which streams play which role, and adds its own", "[config]") {
  const Folder folder;
  folder.write("base.json", kSmall);
  folder.write("top.json", R"({"extends": "base.json", "task": {"use": "transfer", "streams": {"main": "movies"}}})");
  const Value root = resolved(folder, "top.json", {R"(task={"use": "multi_task", "streams": {"target": "movies"}})"});
  REQUIRE(to_json(get(root, {"task", "streams"})) == R"({"main": ["movies"], "target": ["movies"]})");
}

TEST_CASE("config: the same use, written or implied, keeps what was there", "[config]") {
  const Folder folder;
  folder.write("base.json", kFullConfig);
  folder.write(
      "top.json",
      R"({"extends": "base.json", "model": {"use": "graft/bert", "input": "x"}, "adapters": {"lora": {"use": "lora"}}})");
  const Value root = resolved(folder, "top.json", {"optimizer.use=adamw", "adapters.lora.rank=4"});
  REQUIRE(get(root, {"model", "weights"}) == Value(folder / "model.safetensors"));
  REQUIRE(get(root, {"optimizer", "weight_decay"}).place.line > 0);
  REQUIRE(get(root, {"adapters", "lora", "rank"}) == Value(4));
}

TEST_CASE("config: null removes an entry and a parameter, and a later one comes last", "[config]") {
  const Folder folder;
  folder.write("base.json", kFullConfig);
  folder.write(
      "top.json",
      R"({"extends": "base.json", "pipeline": {"noise": null, "tokens": {"max_length": null}}, "phases": null, "evaluate": {"patience": null}})");
  const Value root = resolved(folder, "top.json");
  REQUIRE(keys_of(get(root, {"pipeline"})) == std::vector<std::string>{"label", "tokens"});
  REQUIRE(get(root, {"pipeline", "tokens", "max_length"}).place.text() == "default");
  REQUIRE(get(root, {"phases"}).object().empty());
  REQUIRE(get(root, {"evaluate", "patience"}).is_null());
  folder.write("again.json", R"({"extends": "top.json", "pipeline": {"noise": {"use": "eda", "column": "text"}}})");
  REQUIRE(keys_of(get(resolved(folder, "again.json"), {"pipeline"})) == std::vector<std::string>{"label", "tokens", "noise"});
}

TEST_CASE("config: before places a new step, and an old one too", "[config]") {
  const Folder folder;
  folder.write("base.json", kFullConfig);
  folder.write("top.json", R"({"extends": "base.json", "pipeline": {"a": {"use": "eda", "column": "text", "before": "tokens"},
    "b": {"use": "eda", "column": "text", "before": "tokens"}, "noise": {"before": "label"}}})");
  REQUIRE(keys_of(get(resolved(folder, "top.json"), {"pipeline"})) ==
          std::vector<std::string>{"noise", "label", "a", "b", "tokens"});
  folder.write("bad.json", R"({"extends": "base.json", "pipeline": {"noise": {"before": "token"}}})");
  REQUIRE(problems_of(folder, "bad.json") ==
          "bad.json:1:59: pipeline.noise.before: pipeline has no other entry token, did you mean tokens?");
  REQUIRE(keys_of(get(resolved(folder, "base.json", {"pipeline.tokens.before=label"}), {"pipeline"})) ==
          std::vector<std::string>{"tokens", "label", "noise"});
  REQUIRE(keys_of(get(resolved(folder, "base.json", {"pipeline.label.before=tokens"}), {"pipeline"})) ==
          std::vector<std::string>{"noise", "label", "tokens"});
}

TEST_CASE("config: the entry * holds defaults for its siblings, of the same use", "[config]") {
  const Folder folder;
  folder.write("a.json", R"({
    "data": {"*": {"source": {"use": "csv", "delimiter": "\t"}, "split": {"test": 0.2}},
             "movies": {"source": {"path": "movie.tsv"}}, "tests": {"source": {"path": "test.tsv", "delimiter": ";"}},
             "lines": {"source": {"use": "jsonl", "path": "movie.tsv"}}},
    "model": {"use": "identity", "input": "text"},
    "heads": {"*": {"use": "classify", "target": "label", "metrics": {"accuracy": {}}}, "x": {}, "y": {"use": "regress", "target": "z"}}})");
  const Value root = resolved(folder, "a.json");
  REQUIRE(keys_of(get(root, {"data"})) == std::vector<std::string>{"movies", "tests", "lines"});
  REQUIRE(get(root, {"data", "movies", "source", "delimiter"}) == Value("\t"));
  REQUIRE(get(root, {"data", "tests", "source", "delimiter"}) == Value(";"));
  REQUIRE(to_json(get(root, {"data", "lines", "source"})) ==
          R"({"use": "graft/jsonl", "path": ")" + (folder / "movie.tsv") + "\"}");
  REQUIRE(get(root, {"data", "lines", "split", "test"}) == Value(0.2));
  REQUIRE(get(root, {"heads", "x", "use"}) == Value("graft/classify"));
  REQUIRE(get(root, {"heads", "y", "metrics"}).object().empty());
}

TEST_CASE("config: a run's config.json of another format is refused", "[config]") {
  const Folder folder;
  REQUIRE(message_of([&] { load_resolved(folder.write("config.json", R"({"graft": 2})")); }) ==
          "[config] " + (folder / "config.json") + ": graft must be 1, got 2");
}
