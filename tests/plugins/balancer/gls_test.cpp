#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("gls: losses of 2 and 8 make 4, with half of its relative change each", "[balancer][gls]") {
  const Scalar got = scalar(*make("gls", 2), of_values({2, 8}));
  check_close(vector({got.value, got.gradient[0], got.gradient[1]}), {4, 1, 0.25}, 1e-14);
}

TEST_CASE("gls: equals the root of the product, by autograd", "[balancer][gls]") {
  const FakeLosses losses = of_values({0.3, 1.7, 2.9});
  const Scalar got = scalar(*make("gls", 3), losses);
  const Tensor expected = losses.loss.prod().pow(1.0 / 3);
  CHECK(got.value == Approx(expected.item<double>()).epsilon(1e-13));
  check_close(vector(got.gradient), list(torch::autograd::grad({expected}, {losses.loss})[0]), 1e-13);
}

TEST_CASE("gls: the unit of a loss changes only the length of the gradient", "[balancer][gls]") {
  const Scalar one = scalar(*make("gls", 2), of_values({2, 8})), other = scalar(*make("gls", 2), of_values({200, 8}));
  CHECK(other.gradient[0] * 100 / one.gradient[0] == Approx(other.gradient[1] / one.gradient[1]));
}

TEST_CASE("gls: has no parameters", "[balancer][gls]") {
  CHECK(refusal("gls", R"({"power": 1})") == "parameters:1:2: [graft/gls] power is not a parameter");
}

TEST_CASE("gls: contract of a balancer", "[balancer][gls]") {
  check_loss_contract("gls");
  check_keeps_no_state("gls");
}
