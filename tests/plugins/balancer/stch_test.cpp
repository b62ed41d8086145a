#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

namespace {

FakeLosses after_warmup(const std::vector<double>& values) {
  FakeLosses losses = of_values(values);
  losses.at.epoch = 3;
  losses.epochs = [](std::int64_t task, std::int64_t ago) { return ago == 3 ? 1.0 + task : std::nan(""); };
  return losses;
}

}  // namespace

TEST_CASE("stch: the sum of logarithms in the warm-up, then K log of the sum of the ratios", "[balancer][stch]") {
  CHECK(scalar(*make("stch", 2), of_values({2, 8})).value == Approx(std::log(16)));
  CHECK(scalar(*make("stch", 2), after_warmup({2, 8})).value == Approx(2 * std::log(2 + 4)));
}

TEST_CASE("stch: equals the formula by autograd", "[balancer][stch]") {
  const FakeLosses losses = after_warmup({0.7, 3, 2});
  const Scalar got = scalar(*make("stch", 3, R"({"mu": 0.4})"), losses);
  const Tensor ratio = (losses.loss / vector({1, 2, 3})).log();
  const Tensor expected = 3 * 0.4 * (ratio / 0.4).exp().sum().log();
  CHECK(got.value == Approx(expected.item<double>()).epsilon(1e-13));
  check_close(vector(got.gradient), list(torch::autograd::grad({expected}, {losses.loss})[0]), 1e-13);
}

TEST_CASE("stch: a small mu looks at the worst task alone", "[balancer][stch]") {
  const Scalar got = scalar(*make("stch", 2, R"({"mu": 0.01})"), after_warmup({2, 3}));
  check_close(vector(got.gradient), {2 / 2.0, 0}, 1e-6);
}

TEST_CASE("stch: a mu of 0 and no warm-up are refused", "[balancer][stch]") {
  CHECK(refusal("stch", R"({"mu": 0})") == "parameters:1:8: [graft/stch] mu must be > 0, got 0");
  CHECK(refusal("stch", R"({"warmup_epochs": 0})") == "parameters:1:19: [graft/stch] warmup_epochs must be >= 1, got 0");
}

TEST_CASE("stch: contract of a balancer", "[balancer][stch]") {
  check_loss_contract("stch");
  check_keeps_no_state("stch");
  for (const auto& values : std::vector<std::vector<double>>{{0, 0}, {1e6, 1e-2}})
    CHECK(std::isfinite(scalar(*make("stch", 2, R"({"mu": 0.01})"), after_warmup(values)).value));
}
