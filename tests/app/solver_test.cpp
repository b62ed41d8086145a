// Solvers end to end: classic learning in one step, on numbers, on words beside numbers, and on a frozen trunk.
#include "catch.hpp"
#include "command.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;

namespace {

const char* const kLogistic = R"( --set run.batch_size=all --set run.epochs=1 --set 'optimizer={"use": "lbfgs", "C": 10}')";
const char* const kIdentity = R"( --set 'model={"use": "identity", "input": "features"}')";

std::string numbers(const Workplace& here) {
  return here.write("points.json", number_config(here.write("rows.csv", rows_csv(300))));
}

double test_value(const std::string& run, const std::string& name) {
  return read_json(run + "/report.json").at("metrics").at("test").at(name).number();
}

std::string weights_of(const std::string& run) { return graft::sha256_of_file(run + "/model/heads.safetensors"); }

}  // namespace

TEST_CASE("solver: logistic regression of a table is one step, says what it did, and gives the same bits again",
          "[app][solver]") {
  const Workplace here;
  const std::string config = numbers(here);
  const Outcome first = graft_command("train " + config + kIdentity + kLogistic + " --out " + here.file("a"));
  INFO(first.output);
  REQUIRE(first.exit == 0);
  CHECK(first.output.find("solved   ") != std::string::npos);
  CHECK(first.output.find("evaluations, gradient ") != std::string::npos);
  CHECK(first.output.find("not at the minimum") == std::string::npos);
  CHECK(test_value(here.file("a"), "points/kind/accuracy") > 0.9);
  REQUIRE(graft_command("train " + config + kIdentity + kLogistic + " --set run.threads=1 --out " + here.file("b")).exit == 0);
  CHECK(weights_of(here.file("a")) == weights_of(here.file("b")));
}

TEST_CASE("solver: batch size and epochs need not be written, and others are refused at their place", "[app][solver]") {
  const Workplace here;
  std::string text = number_config(here.write("rows.csv", rows_csv(300)));
  const std::string written = R"("epochs": 5, "batch_size": 16, )";
  text.erase(text.find(written), written.size());
  const std::string config = here.write("points.json", text), lbfgs = R"( --set 'optimizer={"use": "lbfgs"}')";
  CHECK(graft_command("train " + config + kIdentity + lbfgs + " --out " + here.file("a")).exit == 0);
  CHECK(read_json(here.file("a/config.json")).at("run").at("batch_size").text() == "all");
  CHECK(read_json(here.file("a/config.json")).at("run").at("epochs").integer() == 1);
  const Outcome refused =
      graft_command("explain " + config + kIdentity + lbfgs + " --set run.batch_size=32 --set run.accumulate=2");
  CHECK(refused.exit == 2);
  INFO(refused.output);
  CHECK(
      refused.output.find("run.batch_size must be \"all\" with the optimizer lbfgs, which solves for all rows at once, got 32") !=
      std::string::npos);
  CHECK(refused.output.find("run.accumulate must be 1 with the optimizer lbfgs, which solves for all rows at once, got 2") !=
        std::string::npos);
}

TEST_CASE("solver: a model that would train is refused, and so is a loss that is not square", "[app][solver]") {
  const Workplace here;
  const std::string config = numbers(here);
  const Outcome mlp = graft_command("train " + config + kLogistic + " --out " + here.file("a"));
  INFO(mlp.output);
  CHECK(mlp.exit != 0);
  CHECK(mlp.output.find("[optimizer] lbfgs solves for heads alone, and in the phase all ") != std::string::npos);
  const Outcome squares = graft_command(
      "train " + config + kIdentity +
      R"( --set run.batch_size=all --set run.epochs=1 --set 'optimizer={"use": "least_squares"}' --out )" + here.file("b"));
  CAPTURE(squares.output);
  CHECK(squares.exit != 0);
  CHECK(squares.output.find("[optimizer] least_squares solves for square losses") != std::string::npos);
}

TEST_CASE("solver: ridge regression finds a plane exactly", "[app][solver]") {
  const Workplace here;
  const std::string ridge =
      R"( --set run.batch_size=all --set run.epochs=1 --set 'optimizer={"use": "least_squares", "alpha": 1e-9}')"
      R"( --set heads.kind=null --set 'heads.stars={"use": "regress", "target": "stars", "metrics": {"r2": {}}}' --set pipeline.label=null)";
  const Outcome outcome = graft_command("train " + numbers(here) + kIdentity + ridge + " --out " + here.file("a"));
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  CHECK(test_value(here.file("a"), "points/stars/r2") > 1 - 1e-9);
}

TEST_CASE("solver: words and numbers of a table join in one model, which predicts from its folder", "[app][solver]") {
  const Workplace here;
  const std::string config = here.write("joined.json", R"({
    "graft": 1,
    "data": {"films": {"source": {"use": "csv", "path": ")" +
                                                           here.write("rows.csv", rows_csv(300)) + R"("}}},
    "pipeline": {
      "label": {"use": "category", "column": "kind"},
      "words": {"use": "tfidf", "column": "review"},
      "endings": {"use": "hashing", "column": "review", "analyzer": "char_wb", "ngrams": [2, 3], "n_features": 256},
      "numbers": {"use": "standard_scaler", "columns": ["x", "y"]}
    },
    "model": {"use": "identity", "input": ["words", "numbers", "endings"]},
    "heads": {"kind": {"use": "svm", "target": "label", "metrics": {"accuracy": {}}}},
    "optimizer": {"use": "lbfgs"}
  })");
  const Outcome outcome = graft_command("train " + config + " --out " + here.file("a"));
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  CHECK(test_value(here.file("a"), "films/kind/accuracy") == 1);
  const Outcome predicted = graft_command("predict " + here.file("a") + " " + here.file("rows.csv"));
  INFO(predicted.output);
  CHECK(predicted.exit == 0);
}

TEST_CASE("solver: the head of a frozen trunk is solved for", "[app][solver]") {
  const Workplace here;
  const std::string config = here.write("films.json", text_config(here.write("rows.csv", rows_csv(200))));
  const std::string probe =
      std::string(kLogistic) + R"( --set pipeline.noise=null --set 'phases={"probe": {"train": ["heads"]}}')";
  const Outcome outcome = graft_command("train " + config + probe + " --out " + here.file("a"));
  INFO(outcome.output);
  REQUIRE(outcome.exit == 0);
  CHECK(outcome.output.find("solved   ") != std::string::npos);
  CHECK(outcome.output.find("not at the minimum") == std::string::npos);
}
