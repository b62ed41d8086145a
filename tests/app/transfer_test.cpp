// What makes a pre-trained model go further: averages of weights, teachers, pulls, few rows, heads that stop, runs to measure against.
#include <ATen/Functions.h>

#include <map>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;
namespace fs = std::filesystem;

namespace {

std::string weights_of(const std::string& run) {
  return graft::sha256_of_file(run + "/model/model.safetensors") + graft::sha256_of_file(run + "/model/heads.safetensors");
}

std::string texts(const Workplace& here, int rows = 200) {
  return here.write("films.json", text_config(here.write("rows.csv", rows_csv(rows))));
}

std::string points(const Workplace& here) {
  return here.write("points.json", number_config(here.write("points.csv", rows_csv(300))));
}

Outcome trained(const std::string& config, const std::string& run, const std::string& sets) {
  Outcome outcome = graft_command("train " + config + " --out " + run + sets);
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  return outcome;
}

double accuracy(const std::string& run, const std::string& key = "points/kind/accuracy") {
  return read_json(run + "/report.json").at("metrics").at("test").at(key).number();
}

// What report.json says of the one head that stopped, held to the evaluations in events.jsonl.
void check_stop_is_true(const std::string& run) {
  const Value::List stopped = read_json(run + "/report.json").at("stopped").list();
  REQUIRE(stopped.size() == 1);
  const Value& stop = stopped.front();
  CHECK(stop.at("head").text() == "kind");
  CHECK(stop.at("measure").text() == "accuracy");
  std::map<std::int64_t, double> accuracy;
  std::istringstream events(graft::read_file(run + "/events.jsonl"));
  for (std::string line; std::getline(events, line);)
    if (const Value event = graft::parse_json(line, "events.jsonl"); event.at("event").text() == "evaluation")
      accuracy[event.at("step").integer()] = event.at("values").at("points/kind/accuracy").number();
  const std::int64_t step = stop.at("step").integer(), best_step = stop.at("best_step").integer();
  CHECK(stop.at("value").number() == accuracy.at(step));
  CHECK(stop.at("best").number() == accuracy.at(best_step));
  for (const auto& [at, value] : accuracy)
    if (at <= step) CHECK(value <= accuracy.at(best_step));
  CHECK(step < accuracy.rbegin()->first);  // the other head went on
  CHECK(graft::read_file(run + "/report.html").find("Heads whose patience ended") != std::string::npos);
}

// The head that stopped has at the end the weights of that step, and the model has others.
void check_head_is_held(const std::string& run) {
  const std::int64_t step = read_json(run + "/report.json").at("stopped").list().at(0).at("step").integer();
  char folder[32];
  std::snprintf(folder, sizeof folder, "/checkpoints/step-%06d", static_cast<int>(step));
  const graft::Safetensors then(run + folder + "/weights.safetensors"), last(run + "/checkpoints/last/weights.safetensors");
  for (const std::string& name : then.names())
    if (!name.starts_with("heads.stars"))
      CHECK(at::equal(then.tensor(name), last.tensor(name)) == name.starts_with("heads.kind"));
}

}  // namespace

TEST_CASE("transfer: a run with an average of the weights, killed and resumed, ends in the same bits", "[app][average][resume]") {
  const Workplace here;
  const std::string config = texts(here);
  for (const std::string average : {"ema", "swa"}) {
    const std::string run = here.file(average), sets = " --set average.use=" + average + " --set run.epochs=3";
    trained(config, run + "-whole", sets);
    REQUIRE(ended_at("train " + config + " --out " + run + sets, run, 20, SIGKILL));
    const Outcome resumed = graft_command("train --resume --out " + run);
    INFO(resumed.output);
    REQUIRE(resumed.exit == 0);
    CHECK(weights_of(run) == weights_of(run + "-whole"));
  }
  trained(config, here.file("plain"), " --set run.epochs=3");
  CHECK(weights_of(here.file("ema")) != weights_of(here.file("plain")));
}

TEST_CASE("transfer: the average is what is measured, and training goes on from the weights themselves", "[app][average]") {
  const Workplace here;
  const std::string config = points(here);
  trained(config, here.file("plain"), "");
  trained(config, here.file("slow"),
          " --set average.use=ema --set average.decay=0.9999 --set evaluate.best=valid/points/kind/loss");
  const auto losses = [](const std::string& run) {
    std::vector<std::string> lines;
    const std::string events = graft::read_file(run + "/events.jsonl");
    for (std::size_t at = 0; (at = events.find("\"loss\":", at)) != std::string::npos; ++at)
      lines.push_back(events.substr(at, 20));
    return lines;
  };
  CHECK(losses(here.file("plain")).front() == losses(here.file("slow")).front());
  CHECK(accuracy(here.file("slow")) > 0.8);
}

TEST_CASE("transfer: a soup of the best evaluations is saved and said, killed and resumed to the same bits",
          "[app][average][soup][resume]") {
  const Workplace here;
  const std::string config = texts(here), run = here.file("soup");
  const std::string sets =
      " --set average.use=soup --set average.keep=3 --set run.epochs=3 --set evaluate.every=4 "
      "--set heads.kind.metrics='{\"log_loss\": {}}' --set evaluate.best=kind/log_loss";
  const Outcome whole = trained(config, run + "-whole", sets);
  REQUIRE(ended_at("train " + config + " --out " + run + sets, run, 20, SIGKILL));
  const Outcome resumed = graft_command("train --resume --out " + run);
  INFO(resumed.output);
  REQUIRE(resumed.exit == 0);
  CHECK(weights_of(run) == weights_of(run + "-whole"));

  const Value report = read_json(run + "-whole/report.json"), soup = report.at("soup");
  CHECK(soup == read_json(run + "/report.json").at("soup"));
  REQUIRE(soup.at("tried").list().size() == 3);
  CHECK(soup.at("steps").list().front() == report.at("best").at("step"));
  CHECK(soup.at("value").number() <= soup.at("tried").list().front().at("value").number());
  CHECK(whole.output.find("soup     step") != std::string::npos);
  CHECK(soup.at("value").number() == report.at("metrics").at("valid").at("films/kind/log_loss").number());
}

TEST_CASE("transfer: a soup needs rows to choose by", "[app][average][soup]") {
  const Workplace here;
  const Outcome none = graft_command("train " + points(here) + " --out " + here.file("none") +
                                     " --set average.use=soup --set data.points.split.valid=0");
  CHECK(none.exit == 2);
  CHECK(none.output.find("[average] soup chooses by valid rows, and no stream has any: set data.<stream>.split.valid") !=
        std::string::npos);
  const Outcome one =
      graft_command("train " + points(here) + " --out " + here.file("one") + " --set average.use=soup --set average.keep=1");
  CHECK(one.exit == 2);
  CHECK(one.output.find("average.keep must be >= 2, got 1") != std::string::npos);
}

TEST_CASE("transfer: a pupil learns from a teacher of another model on other features, without reading labels",
          "[app][distill]") {
  const Workplace here;
  const std::string config = points(here);
  trained(config, here.file("teacher"), "");
  const std::string to_learn = " --set task.use=distill --set task.teacher=" + here.file("teacher");
  const std::string pupil = here.write("pupil.json", R"({"extends": "points.json",
    "pipeline": {"features": null, "plain": {"use": "standard_scaler", "columns": ["y", "x"]}},
    "model": {"use": "identity", "input": "plain"}, "optimizer": {"learning_rate": 0.05}})");
  trained(pupil, here.file("pupil"), to_learn + " --set task.weight=1 --set run.epochs=30");
  CHECK(accuracy(here.file("pupil")) > 0.9);
  CHECK(graft::read_file(here.file("pupil") + "/report.json").find("graft/distill") != std::string::npos);
  const Outcome lost =
      graft_command("train " + config + " --out " + here.file("no") + " --set task.use=distill --set task.teacher=" + here.path);
  CHECK(lost.exit == 2);
  CHECK(lost.output.find("is not a run") != std::string::npos);
}

TEST_CASE("transfer: l2_sp keeps weights near where they began, r_drop trains; both resume to the same bits",
          "[app][transfer][resume]") {
  const Workplace here;
  const std::string config = texts(here), pulled = " --set task.l2_sp=1 --set task.r_drop=1";
  const std::string run = here.file("run");
  trained(config, run + "-whole", pulled);
  REQUIRE(ended_at("train " + config + " --out " + run + pulled, run, 10, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  CHECK(weights_of(run) == weights_of(run + "-whole"));
}

TEST_CASE("transfer: train_rows trains on so many rows and leaves the test rows as they are", "[app][few]") {
  const Workplace here;
  const std::string config = points(here);
  const Outcome few =
      trained(config, here.file("few"), " --set data.points.split.train_rows=20 --set data.points.split.stratify=kind");
  CHECK(few.output.find("points: 20 train") != std::string::npos);
  const Outcome all = trained(config, here.file("all"), " --set data.points.split.stratify=kind");
  const auto test_rows = [&](const char* run) { return graft::read_file(here.file(run) + "/predictions/test.csv").size(); };
  CHECK(std::abs(static_cast<double>(test_rows("few")) / static_cast<double>(test_rows("all")) - 1) < 0.1);
}

TEST_CASE("transfer: a head whose patience ends learns no more, its weights stay, and the other goes on", "[app][patience]") {
  const Workplace here;
  points(here);
  const std::string both = here.write("both.json", R"({"extends": "points.json", "run": {"epochs": 8},
    "heads": {"kind": {"patience": 1}, "stars": {"use": "regress", "target": "stars", "metrics": {"pearson": {}}}},
    "evaluate": {"every": 2}})");
  const Outcome outcome = trained(both, here.file("run"), "");
  REQUIRE(outcome.output.find("stopped  kind learns no more from step ") != std::string::npos);
  const std::string log = graft::read_file(here.file("run/log.txt"));
  const std::size_t at = log.find("stopped  kind learns no more from step ");
  REQUIRE(at != std::string::npos);
  CHECK(log.find("points/stars/pearson", at) != std::string::npos);  // it is measured on
  check_stop_is_true(here.file("run"));

  trained(both, here.file("held"),
          " --set task.r_drop=1 --set model.dropout=0.2 --set checkpoint.every=2 --set checkpoint.keep=99");
  check_head_is_held(here.file("held"));
  const Outcome alone =
      trained(points(here), here.file("alone"), " --set heads.kind.patience=1 --set evaluate.every=2 --set run.epochs=200");
  CHECK(read_json(here.file("alone") + "/report.json").at("train").at("steps").integer() < 200 * 15);
}

TEST_CASE("transfer: a head that does worse than its baseline is named, with a test", "[app][baseline]") {
  const Workplace here;
  const std::string config = points(here), good = here.file("good"), bad = here.file("bad");
  trained(config, good, "");
  const Outcome worse = trained(config, bad, " --set pipeline.features.columns=y --set heads.kind.baseline=" + good);
  CHECK(worse.output.find("against  kind on points: accuracy") != std::string::npos);
  CHECK(worse.output.find("WORSE") != std::string::npos);
  CHECK(worse.output.find("[baseline] kind on points does worse than " + good) != std::string::npos);
  const Value result = read_json(bad + "/report.json").at("baselines").list().at(0);
  CHECK(result.at("is_worse").flag());
  CHECK(result.at("baseline").number() > result.at("ours").number());
  CHECK(graft::read_file(bad + "/report.html").find("not to do worse than") != std::string::npos);
  const Outcome same = trained(config, here.file("same"), " --set heads.kind.baseline=" + good);
  CHECK(same.output.find("WORSE") == std::string::npos);
  const Outcome none =
      graft_command("train " + config + " --out " + here.file("none") + " --set heads.kind.baseline=" + here.path);
  CHECK(none.exit == 2);
  CHECK(none.output.find("heads.kind.baseline must be a finished run: [run] " + here.path + " is not a run") !=
        std::string::npos);
  CHECK(!fs::exists(here.file("none") + "/checkpoints"));  // found before training
}

TEST_CASE("transfer: a checkpoint of a run with an adapter holds what trains and not the base", "[app][adapter]") {
  const Workplace here;
  const std::string config = texts(here), run = here.file("run");
  here.write("lora.json", R"({"extends": "films.json", "adapters": {"lora": {"rank": 2}}})");
  trained(here.file("lora.json"), run, " --set run.epochs=1");
  const graft::Safetensors saved(run + "/checkpoints/last/weights.safetensors");
  for (const std::string& name : saved.names()) {
    INFO(name);
    CHECK((name.find(".lora.") != std::string::npos || name.starts_with("heads.")));
  }
  CHECK(saved.names().size() > 4);
}
