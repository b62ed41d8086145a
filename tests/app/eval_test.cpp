// graft eval on a run's own rows: from the run alone, to the figures that it reported.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::parse_json;
using graft::read_json;
using graft::Value;
namespace fs = std::filesystem;

namespace {

std::string trained(const std::string& config, const std::string& run, const std::string& sets = "") {
  const Outcome outcome = graft_command("train " + config + " --out " + run + sets);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return run;
}

Value evaluated(const std::string& run, const std::string& more = "") {
  const Outcome outcome = graft_command("eval " + run + " " + more + " --json");
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return parse_json(outcome.output.substr(outcome.output.find("{\n")), "eval");
}

}  // namespace

TEST_CASE("eval: needs neither the weights nor the vocabulary that a run began with", "[app][eval]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(120))));
  trained(config, here.file("first"), " --set run.steps=1");
  fs::copy(GRAFT_TEST_DATA "/wordpiece_vocabulary.json", here.file("vocabulary.json"));
  const std::string tuned = here.write("tuned.json", R"({"extends": "films.json",
  "model": {"weights": "first/model"}, "pipeline": {"tokens": {"vocabulary": "vocabulary.json"}},
  "adapters": {"lora": {}, "prompt": {"length": 2}}})");
  const std::string run = trained(tuned, here.file("run"));
  fs::remove_all(here.file("first"));
  fs::remove(here.file("vocabulary.json"));
  for (const char* split : {"test", "valid"})
    CHECK(evaluated(run, std::string("--split ") + split).at("films/kind/accuracy") ==
          read_json(run + "/report.json").at("metrics").at(split).at("films/kind/accuracy"));
}

TEST_CASE("eval: each stream is asked of the heads that learn from it", "[app][eval]") {
  const Workplace here;
  const std::string rows = here.write("rows.csv", rows_csv(120));
  here.write("points.json", number_config(rows));
  here.write(
      "other.csv", "x,y,depth\n" + [] {
        std::string lines;
        for (int i = 0; i < 60; ++i)
          lines += std::to_string(i % 7) + ".5," + std::to_string(i % 5) + ".5," + std::to_string(i % 11) + "\n";
        return lines;
      }());
  const std::string config = here.write("both.json", R"({"extends": "points.json",
  "data": {"wells": {"source": {"use": "csv", "path": "other.csv"}}}, "pipeline": {"label": {"streams": "points"}},
  "heads": {"depth": {"use": "regress", "target": "depth", "metrics": {"mae": {}}}}})");
  const std::string run = trained(config, here.file("run"));
  const Value own = evaluated(run), test = read_json(run + "/report.json").at("metrics").at("test");
  CHECK(own.at("points/kind/accuracy") == test.at("points/kind/accuracy"));
  CHECK(own.at("wells/depth/mae") == test.at("wells/depth/mae"));
  CHECK(own.object().size() == 5);  // and f1, and two losses

  const Value other = evaluated(run, here.file("other.csv") + " --stream wells");
  CHECK(other.object().size() == 2);
  CHECK(other.at("wells/depth/mae").is_number());
}
