// A run from config to report, as a person starts it.
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::parse_json;
using graft::read_json;
using graft::sha256_of_file;
using graft::Value;
namespace fs = std::filesystem;

namespace {

std::string final_weights(const std::string& run) {
  return sha256_of_file(run + "/model/model.safetensors") + sha256_of_file(run + "/model/heads.safetensors");
}

// The loss of each step, from the run's events.
std::vector<double> losses(const std::string& run) {
  std::vector<double> all;
  std::istringstream lines(graft::read_file(run + "/events.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const Value event = parse_json(line, "events.jsonl");
    if (event.at("event").text() == "step") all.push_back(event.at("loss").number());
  }
  return all;
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("run: a config becomes a run folder with honest numbers", "[app][run]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(400)))),
                    run = here.file("run");
  const Outcome trained = graft_command("train " + config + " --out " + run);
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  for (const char* name : {"config.json", "lock.json", "log.txt", "events.jsonl", "status.json", "report.json", "report.html",
                           "metrics.csv", "predictions/test.csv", "checkpoints/last", "checkpoints/best",
                           "model/model.safetensors", "model/graft.json", "config.source/points.json"}) {
    INFO(name);
    CHECK(fs::exists(run + "/" + name));
  }
  const Value report = read_json(run + "/report.json");
  const double accuracy = report.at("metrics").at("test").at("points/kind/accuracy").number();
  CHECK(accuracy > 0.9);
  CHECK(read_json(run + "/status.json").at("status").text() == "done");
  CHECK(trained.output.find("next     report") != std::string::npos);

  // eval on the run's own test rows gives the report's numbers
  CHECK(parse_json(graft_command("eval " + run + " --json").output, "eval").at("points/kind/accuracy").number() == accuracy);

  // predict keeps the columns and adds label and probability
  const Outcome predicted = graft_command("predict " + run + " " + here.write("new.csv", "name,x,y\na,1.5,1\nb,-2,-1\n"));
  INFO(predicted.output);
  REQUIRE(predicted.exit == 0);
  CHECK(predicted.output.starts_with("name,x,y,kind,kind_probability\na,1.5,1,good,"));
  CHECK(predicted.output.find("\nb,-2,-1,bad,") != std::string::npos);

  // it names the column that is missing, and takes renamed ones
  const Outcome missing = graft_command("predict " + run + " " + here.write("other.csv", "x,z\n1.5,1\n"));
  CHECK(missing.exit == 2);
  CHECK(missing.output == "[predict] there is no column y (columns: x, z)\n");
  CHECK(graft_command("predict " + run + " " + here.file("other.csv") + " --map y=z").output.starts_with("x,z,y,kind"));

  // a folder that exists is refused, unless it is to be overwritten
  const Outcome again = graft_command("train " + config + " --out " + run);
  CHECK(again.exit == 2);
  CHECK(again.output ==
        "[run] the output folder " + run + " exists and is not empty; go on with it by --resume, or replace it by --overwrite\n");
  CHECK(graft_command("train " + config + " --out " + run + " --overwrite --set run.epochs=1").exit == 0);
}

TEST_CASE("run: a folder that is no run is left alone by --overwrite", "[app][run]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(50))));
  const Outcome refused = graft_command("train " + config + " --out " + here.path + " --overwrite");
  CHECK(refused.exit == 2);
  CHECK(refused.output == "[run] " + here.path + " is not a run of graft's, so --overwrite leaves it alone\n");
  CHECK(fs::exists(config));
}

TEST_CASE("run: two runs, and runs with 0, 1 and 4 loader threads, end in the same bits", "[app][run][determinism]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  std::string first;
  for (int threads : {1, 1, 0, 4}) {
    const std::string run = here.file("run");
    const Outcome trained =
        graft_command("train " + config + " --out " + run + " --set run.loader_threads=" + std::to_string(threads));
    INFO(trained.output);
    REQUIRE(trained.exit == 0);
    if (first.empty()) first = final_weights(run);
    CHECK(final_weights(run) == first);
    fs::remove_all(run);
  }
}

TEST_CASE("run: killed at any step and resumed, a run ends in the same bits", "[app][run][resume]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  REQUIRE(graft_command("train " + config + " --out " + here.file("whole")).exit == 0);
  for (int step : {5, 10, 15, 20}) {
    const std::string run = here.file("killed-" + std::to_string(step));
    REQUIRE(ended_at("train " + config + " --out " + run, run, step, SIGKILL));
    const Outcome resumed = graft_command("train --resume --out " + run);
    INFO(resumed.output);
    REQUIRE(resumed.exit == 0);
    CHECK(final_weights(run) == final_weights(here.file("whole")));
  }
}

TEST_CASE("run: to resume what is done trains nothing, and reports the seconds that the training took", "[app][run][resume]") {
  const Workplace here;
  const std::string run = here.file("run");
  REQUIRE(graft_command("train " + here.write("films.json", text_config(here.write("rows.csv", rows_csv(300)))) + " --out " + run)
              .exit == 0);
  const Value before = read_json(run + "/report.json").at("train");
  const std::string weights = final_weights(run);
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  const Value after = read_json(run + "/report.json").at("train");
  CHECK(final_weights(run) == weights);
  CHECK(after.at("tokens_per_second").number() == Approx(before.at("tokens_per_second").number()));
  CHECK(after.at("seconds").number() > 0.5 * before.at("seconds").number());
}

TEST_CASE("run: SIGINT saves, exits with 3, and the resumed run ends in the same bits", "[app][run][resume]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300)))),
                    run = here.file("stopped");
  REQUIRE(graft_command("train " + config + " --out " + here.file("whole")).exit == 0);
  REQUIRE(ended_at("train " + config + " --out " + run, run, 5, SIGINT));
  CHECK(read_json(run + "/status.json").at("status").text() == "interrupted");
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  CHECK(final_weights(run) == final_weights(here.file("whole")));
}

TEST_CASE("run: --resume refuses another config and data that changed", "[app][run][resume]") {
  const Workplace here;
  const std::string rows = here.write("rows.csv", rows_csv(300)), config = here.write("films.json", text_config(rows)),
                    run = here.file("run");
  REQUIRE(ended_at("train " + config + " --out " + run, run, 5, SIGKILL));
  const Outcome other = graft_command("train " + config + " --resume --out " + run + " --set run.epochs=4");
  CHECK(other.exit == 2);
  CHECK(other.output == "[run] the config differs from that of the run in " + run +
                            " in its section run; resume it without a config, or choose another --out\n");
  here.write("rows.csv", rows_csv(301));
  const Outcome changed = graft_command("train --resume --out " + run);
  CHECK(changed.exit == 2);
  CHECK(changed.output.find("[run] data changed since the run began, so it cannot go on to the same result (lock.json)") !=
        std::string::npos);
}

TEST_CASE("run: 4 batches of 4 make the step that a batch of 16 makes", "[app][run]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(400))));
  const std::string plain = " --set heads.kind.dropout=0 --set run.epochs=1 --set model.dropout=0";
  REQUIRE(graft_command("train " + config + " --out " + here.file("a") + plain).exit == 0);
  REQUIRE(graft_command("train " + config + " --out " + here.file("b") + plain + " --set run.batch_size=4 --set run.accumulate=4")
              .exit == 0);
  const auto a = losses(here.file("a")), b = losses(here.file("b"));
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-4));
}

TEST_CASE("run: --quick passes through every phase in little time", "[app][run]") {
  const Workplace here;
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(3000))));
  const std::string config =
      here.write("phases.json", R"({"extends": "films.json", "phases": {"head": {"epochs": 1, "train": ["heads"]}, "all": {}}})");
  const Outcome quick = graft_command("train " + config + " --quick --out " + here.file("quick"));
  INFO(quick.output);
  REQUIRE(quick.exit == 0);
  CHECK(quick.output.find("phase    head") != std::string::npos);
  CHECK(quick.output.find("phase    all") != std::string::npos);
  CHECK(quick.seconds < 10);
}

TEST_CASE("run: --profile says where the time of a step goes, and changes nothing", "[app][run]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  const Outcome profiled = graft_command("train " + config + " --profile --out " + here.file("profiled"));
  INFO(profiled.output);
  REQUIRE(profiled.exit == 0);
  CHECK(profiled.output.find("profile  10 steps") != std::string::npos);
  for (const char* op : {"aten::addmm", "graft::attention", "graft::optimizer"})
    CHECK(profiled.output.find(op) != std::string::npos);
  const Value trace = read_json(here.file("profiled") + "/profile.json");
  CHECK(trace.at("traceEvents").list().size() > 100);
  REQUIRE(graft_command("train " + config + " --out " + here.file("plain")).exit == 0);
  CHECK(final_weights(here.file("plain")) == final_weights(here.file("profiled")));
  CHECK_FALSE(fs::exists(here.file("plain") + "/profile.json"));
}

TEST_CASE("run: a frozen trunk runs once without dropout, and what it gave serves every epoch", "[app][run][frozen]") {
  const Workplace here;
  const std::string
      config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300)))),
      frozen =
          R"( --set pipeline.noise=null --set heads.kind.dropout=0 --set phases.head.train=[\"heads\"] --set schedule.use=constant)";
  const Outcome kept = graft_command("train " + config + " --out " + here.file("kept") + frozen);
  INFO(kept.output);
  REQUIRE(kept.exit == 0);
  CHECK(kept.output.find("frozen   features of 2") != std::string::npos);
  // dropout inside the trunk says nothing
  REQUIRE(graft_command("train " + config + " --out " + here.file("calm") + frozen + " --set model.hidden_dropout=0").exit == 0);
  CHECK(final_weights(here.file("calm")) == final_weights(here.file("kept")));
  // a run that is too short to pay, and one whose rows are augmented, run the trunk in each step
  const Outcome brief = graft_command("train " + config + " --out " + here.file("brief") + frozen + " --set run.steps=5");
  CHECK(brief.output.find("frozen   ") == std::string::npos);
  const auto all = losses(here.file("kept")), few = losses(here.file("brief"));
  REQUIRE(few.size() == 5);
  for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i] == Approx(all[i]).epsilon(1e-5));
}

TEST_CASE("run: features of a frozen trunk serve later runs with other heads, to the same bits", "[app][run][frozen]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300)))),
                    frozen = R"( --set pipeline.noise=null --set phases.head.train=[\"heads\"])";
  const auto train = [&](const char* cache, const std::string& more) {
    ::setenv("GRAFT_CACHE", cache, 1);
    const Outcome outcome = graft_command("train " + config + frozen + more + " --overwrite --out " + here.file("run"));
    ::setenv("GRAFT_CACHE", "off", 1);
    REQUIRE(outcome.exit == 0);
    return outcome.output;
  };
  const std::string cache = here.file("cache"), other = " --set heads.kind.dropout=0.3 --set optimizer.learning_rate=0.01";
  const std::string off = train("off", other), expected = final_weights(here.file("run"));
  CHECK(off.find(" computed, 0 from earlier runs") != std::string::npos);
  CHECK(train(cache.c_str(), "").find(" computed, 0 from earlier runs") != std::string::npos);
  CHECK(train(cache.c_str(), other).find(": 0 computed, 2") != std::string::npos);
  CHECK(final_weights(here.file("run")) == expected);
  CHECK(train(cache.c_str(), " --set run.threads=1").find(" computed, 0 from earlier runs") != std::string::npos);
  // a damaged file is made anew
  for (const auto& entry : fs::directory_iterator(cache + "/features")) fs::resize_file(entry.path(), 100);
  const std::string anew = train(cache.c_str(), other);
  CHECK(anew.find("[cache] made anew: ") != std::string::npos);
  CHECK(final_weights(here.file("run")) == expected);
  CHECK(train(cache.c_str(), other).find(": 0 computed, 2") != std::string::npos);
  // a folder that cannot be written costs one line
  CHECK(train("/proc/none", other).find("[cache] the features are not kept for later runs: ") != std::string::npos);
}

TEST_CASE("run: a frozen phase that is killed and resumed ends in the same bits", "[app][run][frozen][resume]") {
  const Workplace here;
  here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  const std::string config = here.write(
      "phases.json",
      R"({"extends": "films.json", "pipeline": {"noise": null}, "phases": {"head": {"epochs": 1, "train": ["heads"]}, "all": {}}})");
  REQUIRE(graft_command("train " + config + " --out " + here.file("whole")).exit == 0);
  for (int step : {5, 20}) {
    const std::string run = here.file("killed-" + std::to_string(step));
    REQUIRE(ended_at("train " + config + " --out " + run, run, step, SIGKILL));
    REQUIRE(graft_command("train --resume --out " + run).exit == 0);
    CHECK(final_weights(run) == final_weights(here.file("whole")));
  }
}

namespace {

double least_seconds(const std::string& arguments) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {  // a busy machine gets several tries
    const Outcome outcome = graft_command(arguments);
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    best = std::min(best, outcome.seconds);
  }
  return best;
}

}  // namespace

TEST_CASE("run: list, explain and show take little longer than loading LibTorch, which --help does too", "[app]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(50))));
  const double start = least_seconds("--help");
  for (const std::string& arguments : {std::string("list"), "explain " + config, std::string("show bert")}) {
    INFO(arguments);
    CHECK(least_seconds(arguments) < 1.5 * start + 0.1);
  }
}

TEST_CASE("run: init writes a config that trains", "[app]") {
  const Workplace here;
  const std::string rows = here.write("films.csv", rows_csv(300));
  for (const char* target : {"kind", "stars"}) {
    const Outcome written = graft_command("init " + rows + " --target " + target + " --out " + here.file("first.json"));
    INFO(written.output);
    REQUIRE(written.exit == 0);
    const Outcome checked = graft_command("check " + here.file("first.json"));
    INFO(checked.output);
    REQUIRE(checked.exit == 0);
    CHECK(graft_command("train " + here.file("first.json") + " --quick --out " + here.file(target)).exit == 0);
  }
}

TEST_CASE("run: a batch that does not fit into memory_mb is run in parts, to the same losses", "[app][run][memory]") {
  const Workplace here;
  std::string config = number_config(here.write("rows.csv", rows_csv(20000)));
  config.replace(config.find("[16]"), 4, "[512]");
  here.write("points.json", config);
  const std::string whole = here.file("whole"), parts = here.file("parts"), resumed = here.file("resumed");
  const std::string train =
      "train " + here.file("points.json") + " --set run.batch_size=all --set run.epochs=3 --set heads.kind.dropout=0 --out ";
  REQUIRE(graft_command(train + whole).exit == 0);
  const Outcome split = graft_command(train + parts + " --set run.memory_mb=100");
  INFO(split.output);
  REQUIRE(split.exit == 0);
  CHECK(split.output.find("[train] out of memory: batches are run in parts of at most 8") != std::string::npos);
  const std::vector<double> expected = losses(whole), found = losses(parts);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-5));
  const Outcome never = graft_command(train + resumed + " --set run.memory_mb=64 --set model.hidden=9000,9000");
  CHECK(never.exit != 0);
  CHECK(never.output.find("out of memory") != std::string::npos);
}

TEST_CASE("run: batches by tokens hold no more than asked; rows without tokens are refused", "[app][run]") {
  const Workplace here;
  const std::string rows = here.write("rows.csv", rows_csv(300)), run = here.file("run");
  const std::string films = here.write("films.json", text_config(rows)), points = here.write("points.json", number_config(rows));
  const Outcome trained = graft_command("train " + films + " --set pipeline.noise=null --set run.batch_tokens=120 --out " + run);
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  std::istringstream lines(graft::read_file(run + "/events.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    const Value event = parse_json(line, "events.jsonl");
    if (event.at("event").text() == "step") CHECK(event.at("tokens").integer() <= 120);
  }
  const Outcome refused = graft_command("train " + points + " --set run.batch_tokens=120 --out " + here.file("points"));
  CHECK(refused.exit == 2);
  CHECK(refused.output.find("[run] batch_tokens needs rows of tokens, and the stream points has none: set run.batch_size") !=
        std::string::npos);
}

TEST_CASE("run: of evaluations that follow fast the terminal gets one line a second, log.txt all", "[app][run]") {
  const Workplace here;
  const std::string config = here.write("points.json", number_config(here.write("rows.csv", rows_csv(100)))),
                    run = here.file("run");
  const Outcome trained = graft_command("train " + config + " --set run.epochs=200 --out " + run);
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  CHECK(count_of(trained.output, "valid    step ") >= 1);
  CHECK(count_of(trained.output, "valid    step ") <= 1 + static_cast<int>(trained.seconds));
  CHECK(count_of(trained.output, "one line a second here, all of them in log.txt") == 1);
  CHECK(count_of(graft::read_file(run + "/log.txt"), "valid    step ") == 200);
  CHECK(count_of(graft::read_file(run + "/events.jsonl"), R"("event": "evaluation")") == 200);
}

TEST_CASE("run: LoRA trains its matrices alone, resumes to the same bits and is folded into the model", "[app][run][adapter]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  const std::string train =
      "train " + config + R"( --set 'adapters.small={"use": "lora", "rank": 2, "layers": ["query", "dense"]}')";
  const std::string whole = here.file("whole"), killed = here.file("killed");
  const Outcome trained = graft_command(train + " --out " + whole);
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  CHECK(graft::read_file(whole + "/model/model.safetensors").find(".small.") == std::string::npos);
  const Value report = read_json(whole + "/report.json");
  CHECK(parse_json(graft_command("eval " + whole + " --json").output, "eval").at("films/kind/accuracy").number() ==
        report.at("metrics").at("test").at("films/kind/accuracy").number());
  REQUIRE(ended_at(train + " --out " + killed, killed, 10, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + killed).exit == 0);
  CHECK(final_weights(killed) == final_weights(whole));
}

TEST_CASE("run: bfloat16 trains, says so, and predicts in it again", "[app][run][bf16]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  const std::string run = here.file("run");
  const Outcome trained = graft_command("train " + config + " --set run.precision=bf16 --out " + run);
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  const Value report = read_json(run + "/report.json");
  CHECK(report.at("train").at("precision").text() == "bf16");
  CHECK(parse_json(graft_command("eval " + run + " --json").output, "eval").at("films/kind/accuracy").number() ==
        report.at("metrics").at("test").at("films/kind/accuracy").number());
}
