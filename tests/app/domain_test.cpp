// Several domains in one run: a target whose labels nobody reads, domains side by side, resumed to the same bits.
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;

namespace {

std::string weights_of(const std::string& run) {
  return graft::sha256_of_file(run + "/model/model.safetensors") + graft::sha256_of_file(run + "/model/heads.safetensors");
}

// films with labels; books, which have them too, of another size. All rows of books train, so that their split does not depend on
// their labels.
std::string two_domains(const Workplace& here, const std::string& task, const std::string& books = rows_csv(120)) {
  const std::string base = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  const std::string rows = here.write("books.csv", books);
  return here.write("domains.json", R"({"extends": "films.json",
  "run": {"epochs": 1},
  "data": {"books": {"source": {"use": "csv", "path": ")" +
                                        rows + R"("}, "split": {"valid": 0, "test": 0}}},
  "task": )" + task + "}");
}

const char* const kToBooks = R"({"use": "coral", "streams": {"target": "books"}})";
const char* const kBoth = R"({"use": "vrex", "streams": {"main": ["films", "books"]}})";

// Good and bad change places in the column that is the label; the texts stay.
std::string swapped_labels(std::string rows) {
  std::string text;
  std::size_t begin = 0;
  for (std::size_t end; (end = rows.find('\n', begin)) != std::string::npos; begin = end + 1) {
    std::string line = rows.substr(begin, end - begin);
    if (line.ends_with(",good"))
      line.replace(line.size() - 4, 4, "bad");
    else if (line.ends_with(",bad"))
      line.replace(line.size() - 3, 3, "good");
    text += line + "\n";
  }
  return text;
}

// Two domains of 10,000 points through a layer of 512, all rows in one step: more than 100 MB.
std::string large_batches(const Workplace& here) {
  std::string config = number_config(here.write("points.csv", rows_csv(10000)));
  config.replace(config.find("[16]"), 4, "[512]");
  here.write("points.json", config);
  return here.write("far.json", R"({"extends": "points.json", "run": {"epochs": 2, "batch_size": "all"},
  "data": {"others": {"source": {"use": "csv", "path": ")" +
                                    here.write("others.csv", rows_csv(10000)) + R"("}, "split": {"valid": 0, "test": 0}}},
  "heads": {"kind": {"dropout": 0}}, "task": {"use": "dann", "streams": {"target": "others"}}})");
}

std::vector<double> losses(const std::string& run) {
  std::vector<double> all;
  std::istringstream lines(graft::read_file(run + "/events.jsonl"));
  for (std::string line; std::getline(lines, line);)
    if (const Value event = graft::parse_json(line, "events.jsonl"); event.at("event").text() == "step")
      all.push_back(event.at("loss").number());
  return all;
}

}  // namespace

TEST_CASE("domains: every method trains on its streams, and the labelled one chooses the checkpoint", "[app][domains]") {
  const Workplace here;
  for (const auto& [task, methods] : {std::pair(kToBooks, std::vector<std::string>{"coral", "mmd", "mcc", "dann", "cdan"}),
                                      std::pair(kBoth, std::vector<std::string>{"irm", "vrex", "group_dro"})}) {
    const std::string config = two_domains(here, task);
    for (const std::string& method : methods) {
      const std::string run = here.file(method);
      const Outcome trained = graft_command("train " + config + " --out " + run + " --set task.use=" + method);
      INFO(trained.output);
      REQUIRE(trained.exit == 0);
      CHECK(read_json(run + "/report.json").at("best").at("metric").text() == "valid/films/kind/accuracy");
      CHECK(read_json(run + "/config.json").at("task").at("use").text() == "graft/" + method);
    }
  }
}

TEST_CASE("domains: labels of a target domain change nothing in the model", "[app][domains]") {
  const Workplace here;
  for (const std::string& books : {rows_csv(120), swapped_labels(rows_csv(120))}) {
    const std::string run = here.file(books == rows_csv(120) ? "given" : "swapped");
    const Outcome trained = graft_command("train " + two_domains(here, kToBooks, books) + " --out " + run);
    INFO(trained.output);
    REQUIRE(trained.exit == 0);
  }
  CHECK(weights_of(here.file("given")) == weights_of(here.file("swapped")));
}

TEST_CASE("domains: stopped and resumed, runs with a second optimizer and with a state end in the same bits",
          "[app][domains][resume]") {
  const Workplace here;
  const auto same = [&](const std::string& task, const std::string& set, const std::string& name) {
    const std::string config = two_domains(here, task), run = here.file(name), sets = " --set run.epochs=4 " + set;
    REQUIRE(graft_command("train " + config + " --out " + run + "-whole" + sets).exit == 0);
    REQUIRE(ended_at("train " + config + " --out " + run + sets, run, 15, SIGKILL));
    const Outcome resumed = graft_command("train --resume --out " + run);
    INFO(resumed.output);
    REQUIRE(resumed.exit == 0);
    CHECK(weights_of(run) == weights_of(run + "-whole"));
  };
  same(kToBooks, "--set task.use=dann --set task.alternate=true", "alternating");
  same(kToBooks, "--set task.use=dann", "reversed");
  same(kToBooks, "--set task.use=mmd", "mmd");
  same(kBoth, "--set task.use=group_dro", "group_dro");
}

TEST_CASE("domains: a step of each stream makes an epoch as long as the longest stream", "[app][domains]") {
  const Workplace here;
  const Outcome trained = graft_command("train " + two_domains(here, kBoth) + " --out " + here.file("run"));
  INFO(trained.output);
  REQUIRE(trained.exit == 0);
  CHECK(trained.output.find("films: 140 train") != std::string::npos);
  CHECK(trained.output.find("books: 120 train") != std::string::npos);
  CHECK(read_json(here.file("run") + "/report.json").at("train").at("steps").integer() == (140 + 15) / 16);
}

TEST_CASE("domains: a batch that does not fit is run in parts by dann and cdan, to the same losses", "[app][domains][memory]") {
  const Workplace here;
  const std::string config = large_batches(here);
  for (const std::string method : {"dann", "cdan"}) {
    const std::string run = here.file(method), train = "train " + config + " --set task.use=" + method + " --out " + run;
    REQUIRE(graft_command(train + "-whole").exit == 0);
    const Outcome split = graft_command(train + " --set run.memory_mb=100");
    INFO(split.output);
    REQUIRE(split.exit == 0);
    CHECK(split.output.find("[train] out of memory: batches are run in parts") != std::string::npos);
    const std::vector<double> expected = losses(run + "-whole"), found = losses(run);
    REQUIRE(found.size() == 2);
    REQUIRE(expected.size() == 2);
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-5));
  }
}

TEST_CASE("domains: a batch that does not fit is refused with the reason where a loss looks across rows",
          "[app][domains][memory][bad]") {
  const Workplace here;
  const std::string config = large_batches(here);
  for (const char* sets : {"task.use=coral", "task.use=mmd", "task.use=mcc", "task.alternate=true"}) {
    const Outcome refused =
        graft_command("train " + config + " --set run.memory_mb=64 --out " + here.file("no") + " --overwrite --set " + sets);
    INFO(sets << "\n" << refused.output);
    CHECK(refused.exit == 1);
    CHECK(
        refused.output.find("the loss of this task looks across rows, so a batch can't be run in parts: lower run.batch_size") !=
        std::string::npos);
  }
}

TEST_CASE("domains: sampling gives a stream its share of the batches, and resumes to the same bits", "[app][domains][resume]") {
  const Workplace here;
  const std::string config = two_domains(here, R"({"use": "transfer"})"), run = here.file("run");
  const std::string set = " --set run.epochs=4 --set data.books.sampling=3 --set data.films.sampling=1";
  const Outcome whole = graft_command("train " + config + " --out " + run + "-whole" + set);
  INFO(whole.output);
  REQUIRE(whole.exit == 0);
  CHECK(read_json(run + "-whole/report.json").at("train").at("steps").integer() == 4 * (4 + 13));  // of 9 + 8 batches
  REQUIRE(ended_at("train " + config + " --out " + run + set, run, 30, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + run).exit == 0);
  CHECK(weights_of(run) == weights_of(run + "-whole"));
}

TEST_CASE("domains: on a model with a column a head, methods that compare features refuse it, those of losses train",
          "[app][domains]") {
  const Workplace here;
  const std::string model =
      R"({"use": "mmoe", "outputs": ["kind"], "hidden": [8], "trunk": {"use": "identity", "input": ["x", "y"]}})";
  const auto ran = [&](const char* task, const std::string& method) {
    const std::string config = two_domains(here, std::string(task) + R"(, "model": )" + model);
    return graft_command("train " + config + " --out " + here.file(method) +
                         " --set pipeline.noise=null --set task.use=" + method);
  };
  for (const char* method : {"coral", "mmd", "mcc", "dann", "cdan", "fixmatch"}) {
    const Outcome refused = ran(kToBooks, method);
    CHECK(refused.exit == 2);
    CHECK(refused.output.find("[graft/" + std::string(method) +
                              "] needs a model that gives features [B, D]; use bert, mlp or another with a dense output") !=
          std::string::npos);
  }
  const Outcome mixed = ran(kBoth, "domain_mixup");
  CHECK(mixed.exit == 2);
  CHECK(mixed.output.find("[graft/domain_mixup] there is no column features") != std::string::npos);
  for (const char* method : {"irm", "vrex", "group_dro"}) {
    const Outcome trained = ran(kBoth, method);
    INFO(trained.output);
    CHECK(trained.exit == 0);
  }
}

TEST_CASE("domains: roles that do not fit are refused with their reason", "[app][domains][bad]") {
  const Workplace here;
  const auto refusal = [&](const std::string& task) {
    const Outcome outcome = graft_command("train " + two_domains(here, task) + " --out " + here.file("no"));
    CHECK(outcome.exit != 0);
    return outcome.output;
  };
  CHECK(refusal(R"({"use": "coral"})")
            .find("[task] graft/coral needs to know which streams are its target: set "
                  "task.streams.target") != std::string::npos);
  CHECK(refusal(R"({"use": "coral", "streams": {"taget": "books"}})")
            .find("streams.taget: graft/coral has no such role, did you mean target?") != std::string::npos);
  CHECK(refusal(R"({"use": "transfer", "streams": {"target": "books"}})")
            .find("streams.target: graft/transfer has no such role; it has main") != std::string::npos);
  CHECK(refusal(R"({"use": "coral", "streams": {"target": "*"}})").find("no stream is left for the role main of graft/coral") !=
        std::string::npos);
  CHECK(refusal(R"({"use": "irm", "streams": {"main": "films"}})")
            .find("[graft/irm] compares domains, and the role main has one, films") != std::string::npos);
}
