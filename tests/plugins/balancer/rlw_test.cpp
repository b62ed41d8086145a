#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("rlw: one task has weight 1", "[balancer][rlw]") { CHECK(scalar(*make("rlw", 1), of_values({3})).value == 3); }

TEST_CASE("rlw: equals the softmax of the draws, by LibTorch", "[balancer][rlw]") {
  const FakeLosses losses = of_values({1, 2, 3});
  std::vector<double> draws;
  for (std::uint64_t task = 0; task < 3; ++task) draws.push_back(Rng(1).fork("graft/rlw").fork(task).normal());
  check_close(vector(scalar(*make("rlw", 3), losses).gradient), list(torch::softmax(vector(draws), 0)), 1e-15);
}

TEST_CASE("rlw: steps differ, a step repeats itself, and each task gets a third on average", "[balancer][rlw]") {
  std::vector<double> mean(3, 0.0);
  const auto rlw = make("rlw", 3);
  for (std::uint64_t step = 0; step < 4000; ++step) {
    FakeLosses losses = of_values({1, 1, 1});
    losses.stream = Rng(step);
    const std::vector<double> w = scalar(*rlw, losses).gradient;
    CHECK(w[0] + w[1] + w[2] == Approx(1));
    for (int i = 0; i < 3; ++i) mean[i] += w[i] / 4000;
    if (step == 7) CHECK(scalar(*rlw, losses).gradient == w);
  }
  check_close(vector(mean), {1 / 3.0, 1 / 3.0, 1 / 3.0}, 0.015);
}

TEST_CASE("rlw: has no parameters", "[balancer][rlw]") {
  CHECK(refusal("rlw", R"({"seed": 1})") == "parameters:1:2: [graft/rlw] seed is not a parameter");
}

TEST_CASE("rlw: contract of a balancer", "[balancer][rlw]") {
  check_loss_contract("rlw");
  check_keeps_no_state("rlw");
}
