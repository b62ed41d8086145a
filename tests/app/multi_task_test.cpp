// Several tasks in one run: balancers chosen in the config, refused where they do not fit, resumed to the same bits.
#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::read_json;
using graft::Value;
namespace fs = std::filesystem;

namespace {

// The small BERT of text_config with a class and a number to learn.
std::string two_heads(const Workplace& here) {
  const std::string base = here.write("films.json", text_config(here.write("rows.csv", rows_csv(300))));
  return here.write("both.json", R"({"extends": "films.json",
  "heads": {"stars": {"use": "regress", "target": "stars", "metrics": {"pearson": {}}}},
  "task": {"use": "multi_task"}})");
}

std::string weights_of(const std::string& run) {
  return graft::sha256_of_file(run + "/model/model.safetensors") + graft::sha256_of_file(run + "/model/heads.safetensors");
}

}  // namespace

TEST_CASE("multi-task: without a balancer of its own it ends in the bits of transfer", "[app][multi_task]") {
  const Workplace here;
  const std::string config = two_heads(here);
  for (const char* task : {"transfer", "multi_task"}) {
    const Outcome trained = graft_command("train " + config + " --out " + here.file(task) + " --set task.use=" + task);
    INFO(trained.output);
    REQUIRE(trained.exit == 0);
  }
  CHECK(weights_of(here.file("transfer")) == weights_of(here.file("multi_task")));
}

TEST_CASE("multi-task: every balancer trains at both places, and the report shows weights and cosines", "[app][multi_task]") {
  const Workplace here;
  const std::string config = two_heads(here);
  for (const char* balancer : {"uw", "pcgrad"})
    for (const char* at : {"features", "parameters"}) {
      const std::string run = here.file(std::string(balancer) + at);
      const Outcome trained =
          graft_command("train " + config + " --out " + run + " --set task.balancer.use=" + balancer + " --set task.at=" + at);
      INFO(trained.output);
      REQUIRE(trained.exit == 0);
      const Value balance = read_json(run + "/report.json").at("balance");
      CHECK(balance.at("balancer").text() == std::string("graft/") + balancer);
      REQUIRE(balance.at("weights").list().size() == 2);
      const bool has_gradients = std::string(balancer) == "pcgrad";
      CHECK(balance.at("at") == (has_gradients ? Value(at) : Value()));
      CHECK(balance.at("cosines").list()[1].list()[1].is_number() == has_gradients);
      CHECK(trained.output.find(std::string("tasks    graft/") + balancer) != std::string::npos);
      CHECK(graft::read_file(run + "/report.html").find("id=\"tasks\"") != std::string::npos);
    }
}

TEST_CASE("multi-task: stopped and resumed, a run with a balancer that remembers ends in the same bits",
          "[app][multi_task][resume]") {
  const Workplace here;
  const std::string config = two_heads(here);
  for (const char* balancer : {"uw", "dwa", "famo"}) {
    const std::string set = " --set run.epochs=4 --set task.balancer.use=" + std::string(balancer), run = here.file(balancer);
    REQUIRE(graft_command("train " + config + " --out " + run + "-whole" + set).exit == 0);
    REQUIRE(ended_at("train " + config + " --out " + run + set, run, 35, SIGKILL));
    const Outcome resumed = graft_command("train --resume --out " + run);
    INFO(resumed.output);
    REQUIRE(resumed.exit == 0);
    CHECK(weights_of(run) == weights_of(run + "-whole"));
    CHECK(read_json(run + "/report.json").at("balance") == read_json(run + "-whole/report.json").at("balance"));
  }
}

TEST_CASE("multi-task: what a balancer cannot have is refused with its reason", "[app][multi_task][bad]") {
  const Workplace here;
  const std::string config = two_heads(here);
  const auto refused = [&](const std::string& set) {
    const Outcome outcome = graft_command("train " + config + " --out " + here.file("no") + " " + set);
    CHECK(outcome.exit == 2);
    return outcome.output;
  };
  CHECK(refused("--set heads.stars=null --set task.balancer.use=pcgrad")
            .find("graft/pcgrad compares the gradients of tasks, and there is one: it needs at least two heads") !=
        std::string::npos);
  CHECK(refused("--set run.accumulate=2 --set task.balancer.use=pcgrad")
            .find("at: features needs the whole step in one batch, but run.accumulate is 2: set it to 1, or at to parameters") !=
        std::string::npos);
  CHECK(refused("--set task.balancer.use=pcgra").find("did you mean") != std::string::npos);
  CHECK(refused("--set task.balancer.use=famo --set run.accumulate=2").find("set it to 1") != std::string::npos);

  // a run that was refused leaves no folder in the way of the next, and one of a few steps has its weights too
  const Outcome mended = graft_command("train " + config + " --out " + here.file("no") + " --set run.steps=3");
  CHECK(mended.exit == 0);
  CHECK(read_json(here.file("no") + "/report.json").at("balance").at("weights").list().size() == 1);
}
