#include <torch/types.h>

#include "adam_reference.hpp"

using namespace balancer_test;

TEST_CASE("imtl_l: the plain sum at first, then the scale of the larger loss has shrunk by the learning rate",
          "[balancer][imtl_l]") {
  const auto imtl = make("imtl_l", 2, R"({"learning_rate": 0.1})");
  CHECK(scalar(*imtl, of_values({4, 0.5})).value == 4.5);
  check_close(vector(scalar(*imtl, of_values({4, 0.5})).gradient), {std::exp(-0.1), std::exp(0.1)}, 1e-8);
}

TEST_CASE("imtl_l: equals autograd on the formula with LibTorch's Adam", "[balancer][imtl_l]") {
  const auto imtl = make("imtl_l", 3, R"({"learning_rate": 0.03})");
  AdamReference s(3, 0, 0.03);
  for (int step = 0; step < 30; ++step) {
    const std::vector<double> values = {1.0 + step, 0.3, 2.0 / (1 + step)};
    const Tensor expected = (s.x.exp() * vector(values) - s.x).sum();
    CHECK(scalar(*imtl, of_values(values)).value == Approx(expected.item<double>()).epsilon(1e-12));
    s.step(expected);
  }
}

TEST_CASE("imtl_l: comes to rest where each weighted loss is 1", "[balancer][imtl_l]") {
  const auto imtl = make("imtl_l", 2);
  Scalar got{};
  for (int step = 0; step < 3000; ++step) got = scalar(*imtl, of_values({20, 0.1}));
  check_close(vector(got.gradient), {1 / 20.0, 1 / 0.1}, 1e-2);
}

TEST_CASE("imtl_l: a learning rate under 0 is refused", "[balancer][imtl_l]") {
  CHECK(refusal("imtl_l", R"({"learning_rate": -1})") == "parameters:1:19: [graft/imtl_l] learning_rate must be > 0, got -1");
}

TEST_CASE("imtl_l: contract of a balancer", "[balancer][imtl_l]") {
  check_loss_contract("imtl_l");
  check_state("imtl_l", [](Balancer& b, int i) { return b.combine(of_values({1.0 + i, 0.5, 0.1 * i})).detach(); }, "scale");
}
