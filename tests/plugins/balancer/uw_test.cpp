#include <torch/types.h>

#include "adam_reference.hpp"

using namespace balancer_test;

TEST_CASE("uw: half of each loss at first, then the log-variance of the larger loss has grown by the learning rate",
          "[balancer][uw]") {
  const auto uw = make("uw", 2, R"({"learning_rate": 0.1})");
  CHECK(scalar(*uw, of_values({4, 0.5})).value == 2.25);
  const Scalar second = scalar(*uw, of_values({4, 0.5}));
  check_close(vector(second.gradient), {0.5 * std::exp(-0.1), 0.5 * std::exp(0.1)}, 1e-8);
}

TEST_CASE("uw: equals autograd on the formula with LibTorch's Adam", "[balancer][uw]") {
  const auto uw = make("uw", 3, R"({"learning_rate": 0.03})");
  AdamReference s(3, 0, 0.03);
  for (int step = 0; step < 30; ++step) {
    const std::vector<double> values = {1.0 + step, 0.3, 2.0 / (1 + step)};
    const Tensor expected = (vector(values) / (2 * s.x.exp()) + s.x / 2).sum();
    CHECK(scalar(*uw, of_values(values)).value == Approx(expected.item<double>()).epsilon(1e-12));
    s.step(expected);
  }
}

TEST_CASE("uw: comes to rest where each weighted loss is one half", "[balancer][uw]") {
  const auto uw = make("uw", 2);
  Scalar got{};
  for (int step = 0; step < 3000; ++step) got = scalar(*uw, of_values({20, 0.1}));
  check_close(vector(got.gradient), {0.5 / 20, 0.5 / 0.1}, 1e-3);
}

TEST_CASE("uw: a learning rate of 0 is refused", "[balancer][uw]") {
  CHECK(refusal("uw", R"({"learning_rate": 0})") == "parameters:1:19: [graft/uw] learning_rate must be > 0, got 0");
}

TEST_CASE("uw: contract of a balancer", "[balancer][uw]") {
  check_loss_contract("uw");
  check_state("uw", [](Balancer& b, int i) { return b.combine(of_values({1.0 + i, 0.5, 0.1 * i})).detach(); }, "log_variance");
}
