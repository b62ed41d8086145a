// Resampled training rows and rows that leak, in whole runs.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using namespace graft;

namespace {

// Rows of which one in six is good.
std::string uneven_rows(int rows) {
  std::string text, all = rows_csv(rows);
  int good = 0;
  for (std::size_t begin = 0, end; (end = all.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = all.substr(begin, end - begin + 1);
    if (!line.ends_with(",good\n") || good++ % 5 == 0) text += line;
  }
  return text;
}

std::string resampled(const Workplace& here, const std::string& how) {
  here.write("points.json", number_config(here.write("rows.csv", uneven_rows(400))));
  return here.write("resampled.json", R"({"extends": "points.json", "data": {"points": {"resample": )" + how + "}}}");
}

std::string weights_of(const std::string& run) { return read_file(run + "/model/model.safetensors"); }

}  // namespace

TEST_CASE("resample: a run trains on the added rows and tests on the same as ever, to the same bits when resumed",
          "[app][resample]") {
  const Workplace here;
  const std::string config = resampled(here, R"({"method": "smote", "by": "label", "columns": "features"})");
  const std::string sets = " --set run.epochs=40 --set checkpoint.every=9 --set checkpoint.keep=40";
  const Outcome plain = graft_command("train " + here.file("points.json") + sets + " --out " + here.file("plain"));
  const Outcome trained = graft_command("train " + config + sets + " --out " + here.file("run"));
  INFO(trained.output);
  REQUIRE(plain.exit == 0);
  REQUIRE(trained.exit == 0);
  CHECK(trained.output.find(", resampled to ") != std::string::npos);
  CHECK(plain.output.find("resampled") == std::string::npos);
  const Value with = read_json(here.file("run/report.json")), without = read_json(here.file("plain/report.json"));
  CHECK(with.at("train").at("rows").integer() > without.at("train").at("rows").integer());
  CHECK(read_file(here.file("run/predictions/test.csv")).size() > 0);
  const std::string killed = here.file("killed");
  REQUIRE(ended_at("train " + config + sets + " --out " + killed, killed, 36, SIGKILL));
  REQUIRE(graft_command("train --resume --out " + killed).exit == 0);
  CHECK(weights_of(killed) == weights_of(here.file("run")));
}

TEST_CASE("resample: over and under run, and what is misspelt is refused at its place", "[app][resample]") {
  const Workplace here;
  for (const char* method : {"over", "under"}) {
    const std::string config = resampled(here, R"({"method": ")" + std::string(method) + R"(", "by": "label"})");
    const Outcome trained = graft_command("train " + config + " --out " + here.file(method));
    INFO(trained.output);
    CHECK(trained.exit == 0);
  }
  const Outcome refused = graft_command("check " + resampled(here, R"({"method": "ovr", "by": "label"})"));
  INFO(refused.output);
  CHECK(refused.exit == 2);
  CHECK(refused.output.find("resample.method must be \"over\", \"under\" or \"smote\", got \"ovr\", did you mean \"over\"?") !=
        std::string::npos);
}
