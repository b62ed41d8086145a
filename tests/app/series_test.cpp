// Several runs of one config: seeds, and each domain held out in turn.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;
namespace fs = std::filesystem;

TEST_CASE("series: a run for each seed, then mean and spread; a series that stopped goes on where it was", "[app][series]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(200)))),
                    out = here.file("seeds");
  const std::string command = "train " + config + " --seeds 1,2,3 --set run.epochs=1 --out " + out;
  const Outcome first = graft_command(command);
  INFO(first.output);
  REQUIRE(first.exit == 0);
  const Value metric = read_json(out + "/series.json").at("metrics").list().at(0);
  CHECK(metric.at("metric").text() == "points/kind/accuracy");
  double sum = 0;
  for (int seed = 1; seed <= 3; ++seed) {
    const std::string run = out + "/seed-" + std::to_string(seed);
    const double value = read_json(run + "/report.json").at("metrics").at("test").at("points/kind/accuracy").number();
    CHECK(metric.at("values").list().at(seed - 1).number() == value);
    CHECK(read_json(run + "/config.json").at("run").at("seed").integer() == seed);
    sum += value;
  }
  CHECK(metric.at("mean").number() == Approx(sum / 3));
  CHECK(first.output.find("all runs") != std::string::npos);

  fs::remove_all(out + "/seed-3");
  const auto before = fs::last_write_time(out + "/seed-1/report.json");
  const Outcome again = graft_command(command + " --resume");
  INFO(again.output);
  REQUIRE(again.exit == 0);
  CHECK(again.output.find("done before, in " + out + "/seed-1") != std::string::npos);
  CHECK(fs::last_write_time(out + "/seed-1/report.json") == before);
  CHECK(fs::exists(out + "/seed-3/report.json"));
}

TEST_CASE("series: each stream that trains is held out once, and measured where it was", "[app][series]") {
  const Workplace here;
  const std::string rows = here.write("rows.csv", rows_csv(120));
  here.write("points.json", number_config(rows));
  const std::string config =
      here.write("three.json", R"({"extends": "points.json", "run": {"epochs": 1}, "data": {
    "books": {"source": {"use": "csv", "path": ")" +
                                   rows + R"("}}, "songs": {"source": {"use": "csv", "path": ")" + rows + R"("}}}})");
  const std::string out = here.file("held");
  const Outcome outcome = graft_command("train " + config + " --leave-one-out --out " + out);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  const Value series = read_json(out + "/series.json");
  std::vector<std::string> measured;
  for (const Value& metric : series.at("metrics").list())
    if (metric.at("metric").text().ends_with("accuracy")) measured.push_back(metric.at("metric").text());
  CHECK(measured == std::vector<std::string>{"points/kind/accuracy", "books/kind/accuracy", "songs/kind/accuracy"});
  CHECK(read_json(out + "/without-books/report.json").at("best").at("metric").text() == "valid/points/kind/accuracy");
  CHECK(outcome.output.find("never of the one held out") != std::string::npos);
  const Outcome alone = graft_command("train " + here.file("points.json") + " --leave-one-out --out " + here.file("no"));
  CHECK(alone.exit == 2);
  CHECK(alone.output.find("[series] --leave-one-out needs at least two streams that train, and there is one, points") !=
        std::string::npos);
}
