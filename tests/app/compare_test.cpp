// compare: what two runs say on the same rows, and whether the difference is more than chance.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;
namespace fs = std::filesystem;

namespace {

// A run and a copy of it, to put other predictions into.
struct TwoRuns {
  Workplace here;
  std::string a = here.file("a"), b = here.file("b");
  TwoRuns() {
    const std::string config = here.write("numbers.json", number_config(here.write("rows.csv", rows_csv(200))));
    const Outcome trained = graft_command("train " + config + " --out " + a);
    INFO(trained.output);
    REQUIRE(trained.exit == 0);
    fs::copy(a, b, fs::copy_options::recursive);
  }
  void predictions(const std::string& run, const std::string& text) const {
    graft::write_file(run + "/predictions/test.csv", text);
  }
  Value compared() const {
    const Outcome outcome = graft_command("compare " + a + " " + b + " --json");
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    return graft::parse_json(outcome.output, "compare").list().at(0);
  }
};

// `right` of 10 rows are predicted rightly, the first ones.
std::string classes(int right, int rows = 10) {
  std::string text = "row,review,kind_truth,kind,kind_probability\n";
  for (int i = 0; i < rows; ++i)
    text += std::to_string(i) + ",\"a \"\"film\"\", and\nmore\",good," + (i < right ? "good" : "bad") + ",0.9\n";
  return text;
}

}  // namespace

TEST_CASE("compare: a run and itself differ in nothing", "[app][compare]") {
  const TwoRuns runs;
  const Value same = runs.compared();
  CHECK(same.at("difference").number() == 0);
  CHECK(same.at("p").number() == 1);
  CHECK(same.at("verdict").text() == "no clear difference");
  CHECK(same.at("rows").integer() > 10);
}

TEST_CASE("compare: p is that of exchanging the two runs row by row", "[app][compare]") {
  const TwoRuns runs;
  runs.predictions(runs.a, classes(0));
  for (const auto& [right, exact] : {std::pair(10, 2.0 / 1024), std::pair(6, 2.0 / 64), std::pair(1, 1.0)}) {
    CAPTURE(right);
    runs.predictions(runs.b, classes(right));
    const Value found = runs.compared();
    CHECK(found.at("rows").integer() == 10);
    CHECK(found.at("measure").text() == "accuracy");
    CHECK(found.at("difference").number() == Approx(right / 10.0));
    CHECK(found.at("p").number() == Approx(exact).epsilon(0.2).margin(0.0012));  // 9,999 draws
    CHECK(found.at("verdict").text() == (right >= 6 ? "B is better" : "no clear difference"));
  }
}

TEST_CASE("compare: numbers are compared by their error, and less is better", "[app][compare]") {
  const TwoRuns runs;
  std::string near = "row,x_truth,x\n", far = near;
  for (int i = 0; i < 12; ++i) {
    near += std::to_string(i) + ",1," + std::to_string(1.1) + "\n";
    far += std::to_string(i) + ",1," + std::to_string(-1.0 - i * 0.01) + "\n";
  }
  runs.predictions(runs.a, near);
  runs.predictions(runs.b, far);
  const Value found = runs.compared();
  CHECK(found.at("measure").text() == "absolute error");
  CHECK(found.at("a").number() == Approx(0.1));
  CHECK(found.at("b").number() == Approx(2.055));
  CHECK(found.at("verdict").text() == "B is worse");
}

TEST_CASE("compare: rows of one run alone and rows without a label are left out", "[app][compare]") {
  const TwoRuns runs;
  runs.predictions(runs.a, classes(3, 10) + "10,x,,good,0.5\n");
  runs.predictions(runs.b, classes(3, 14));
  CHECK(runs.compared().at("rows").integer() == 10);
  const Outcome printed = graft_command("compare " + runs.a + " " + runs.b);
  CHECK(printed.output.find("4 rows that one of them alone predicted are left out") != std::string::npos);
}

TEST_CASE("compare: what cannot be compared is refused with its reason", "[app][compare][bad]") {
  const TwoRuns runs;
  const auto refused = [&](const std::string& text) {
    runs.predictions(runs.b, text);
    const Outcome outcome = graft_command("compare " + runs.a + " " + runs.b);
    CHECK(outcome.exit != 0);
    return outcome.output;
  };
  runs.predictions(runs.a, classes(3));
  CHECK(refused("row,kind_truth,kind,kind_probability\n0,bad,bad,0.9\n")
            .find("row 0: kind is good in the first run and bad in the "
                  "second: these are not the same rows") != std::string::npos);
  CHECK(refused("row,kind_truth,kind,kind_probability\n77,bad,bad,0.9\n").find("the runs predicted no row in common") !=
        std::string::npos);
  CHECK(refused("row,stars_truth,stars\n0,1,1\n").find("the runs share no head on a stream of the same name") !=
        std::string::npos);
  CHECK(graft_command("compare " + runs.a + " " + runs.a + "x").output.find("is not a run, did you mean") != std::string::npos);
}
