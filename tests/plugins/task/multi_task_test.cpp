#include <cmath>

#include "catch.hpp"
#include "graft/balancer.hpp"
#include "graft/head.hpp"
#include "graft/model.hpp"
#include "graft/task.hpp"
#include "graft/testing.hpp"
#include "domain_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Task> multi_task(const std::string& parameters = R"({"balancer": {"use": "graft/sum"}})") {
  static const testing::Plugin balancers(GRAFT_PLUGIN_DIR "/graft_balancer.so");
  static const testing::Plugin tasks(GRAFT_PLUGIN_DIR "/graft_task.so");
  return tasks.make<Task>("graft/multi_task", parameters);
}

struct Listener final : toy::Host {
  void balance(std::shared_ptr<Balancer> given, BalanceAt where) override {
    balancer = std::move(given);
    at = where;
  }
  std::shared_ptr<Balancer> balancer;
  BalanceAt at = BalanceAt::kParameters;
};

struct Losses3 final : Losses {
  std::span<const std::int64_t> tasks() const override { return numbers; }
  const Tensor& values() const override { return losses; }
  const Tensor& gramian() const override { return losses; }
  const Tensor& jacobian() const override { return losses; }
  double epoch_mean(std::int64_t, std::int64_t) const override { return NAN; }
  const Progress& progress() const override { return progress_; }
  Rng rng() const override { return Rng(1); }
  std::vector<std::int64_t> numbers = {0, 1, 2};
  Tensor losses = testing::numbers({0.5, 1.5, 3});
  Progress progress_;
};

}  // namespace

TEST_CASE("multi_task: hands its balancer to the host, at the features unless told otherwise", "[task][multi_task]") {
  Listener session;
  multi_task()->setup(session);
  REQUIRE(session.balancer);
  CHECK(session.at == BalanceAt::kFeatures);
  multi_task(R"({"balancer": {"use": "graft/sum"}, "at": "parameters"})")->setup(session);
  CHECK(session.at == BalanceAt::kParameters);
  multi_task(R"({"balancer": {"use": "graft/sum"}, "at": "last_stage"})")->setup(session);
  CHECK(session.at == BalanceAt::kLastStage);
}

TEST_CASE("multi_task: with a batch of each stream, the loss of a head is the mean over the rows of all", "[task][multi_task]") {
  const auto task = multi_task(R"({"balancer": {"use": "graft/sum"}, "turns": "each"})");
  CHECK(task->turns("main") == Turns::kEach);
  toy::Labelled host;
  task->step(host);
  REQUIRE(host.last[0].size() == 1);
  CHECK(host.value("head") == Approx((7 * toy::risk(0) + 4 * toy::risk(1)) / 11).epsilon(1e-12));
}

TEST_CASE("multi_task: the balancer is the one that the config names", "[task][multi_task]") {
  Listener session;
  multi_task()->setup(session);
  session.balancer->build(3);
  CHECK(session.balancer->wants() == Balancer::Wants::kLosses);
  CHECK(session.balancer->combine(Losses3()).item<double>() == Approx(5));
}

TEST_CASE("multi_task: it names one stream and lets a batch be split", "[task][multi_task]") {
  CHECK(multi_task()->streams() == std::vector<std::string>{"main"});
  CHECK(multi_task()->splittable());
}

TEST_CASE("multi_task: parameters and balancers that do not exist are refused", "[task][multi_task]") {
  CHECK(message_of([] { multi_task(R"({"at": "feature"})"); }) ==
        "parameters:1:8: [graft/multi_task] at must be \"features\", \"last_stage\" or \"parameters\", got \"feature\", did you "
        "mean "
        "\"features\"?");
  CHECK(message_of([] { multi_task(R"({"balancer": {"use": "graft/summ"}})"); }) ==
        "[testing] no plugin that this test opened has the balancer graft/summ");
}

TEST_CASE("multi_task: contract: it keeps no state of its own", "[task][multi_task]") {
  CHECK(multi_task()->state().empty());
  State state;
  state.texts["alpha"] = "1";
  CHECK(message_of([&] { multi_task()->restore(state); }) == "[task] was given a state to restore, but keeps none");
}
