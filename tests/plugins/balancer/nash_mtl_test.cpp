#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("nash_mtl: orthogonal gradients come out with one length, whatever they had", "[balancer][nash_mtl]") {
  const Tensor g = torch::diag(vector({1, 4, 100}));
  const double scale = std::sqrt(std::sqrt(1.0 + 16 + 10000));
  check_close(weights("nash_mtl", g), {scale, scale / 2, scale / 10}, 1e-8 * scale);
}

TEST_CASE("nash_mtl: on the golden Jacobian it is the closed form for two tasks", "[balancer][nash_mtl]") {
  // b^2 = 1 / (1 + cosine) for both, so the unit gradients are added up.
  const Tensor jacobian = golden(), expected = (jacobian / jacobian.norm(2, 1, true)).sum(0), d = direction("nash_mtl", jacobian);
  check_close(d / d.norm(), list(expected / expected.norm()), 1e-7);
}

TEST_CASE("nash_mtl: (G w)_i w_i is the same for all tasks", "[balancer][nash_mtl]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Tensor jacobian = drawn_jacobian(6, 20, seed), g = jacobian.matmul(jacobian.t()), w = weights("nash_mtl", g);
    const Tensor product = g.mv(w) * w;
    CHECK((product / product[0] - 1).abs().max().item<double>() < 1e-6);
    CHECK(w.min().item<double>() > 0);
  }
}

TEST_CASE("nash_mtl: the unit of one task's loss does not change the direction", "[balancer][nash_mtl]") {
  const Tensor jacobian = drawn_jacobian(4, 9, 3), other = jacobian * vector({1, 1e4, 1e-3, 1}).unsqueeze(1);
  const Tensor a = direction("nash_mtl", jacobian), b = direction("nash_mtl", other);
  check_close(b / b.norm(), list(a / a.norm()), 1e-9);
  check_order_and_scale("nash_mtl", 1e-8);
}

TEST_CASE("nash_mtl: max_norm bounds the direction", "[balancer][nash_mtl]") {
  CHECK(direction("nash_mtl", golden(), R"({"max_norm": 1})").norm().item<double>() == Approx(1));
  CHECK(refusal("nash_mtl", R"({"max_norm": -1})") == "parameters:1:14: [graft/nash_mtl] max_norm must be >= 0, got -1");
}

TEST_CASE("nash_mtl: contract of a balancer", "[balancer][nash_mtl]") {
  check_gramian_contract("nash_mtl", true);
  check_keeps_no_state("nash_mtl");
}
