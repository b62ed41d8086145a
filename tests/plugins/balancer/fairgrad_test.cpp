#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("fairgrad: alpha 2 on orthogonal gradients: w = |g|^(-4 / 3), up to one factor", "[balancer][fairgrad]") {
  const Tensor w = weights("fairgrad", torch::diag(vector({1, 64})), R"({"alpha": 2})");
  CHECK((w[1] / w[0]).item<double>() == Approx(std::pow(64, -2 / 3.0)).epsilon(1e-7));
}

TEST_CASE("fairgrad: alpha 1 is nash_mtl", "[balancer][fairgrad]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Tensor jacobian = drawn_jacobian(4, 9, seed), g = jacobian.matmul(jacobian.t());
    CHECK(torch::equal(weights("fairgrad", g), weights("nash_mtl", g)));
  }
}

TEST_CASE("fairgrad: (G w)_i w_i^(1 / alpha) is the same for all tasks", "[balancer][fairgrad]") {
  const double alpha = GENERATE(0.25, 0.5, 2.0, 5.0, 100.0);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Tensor jacobian = drawn_jacobian(5, 20, seed), g = jacobian.matmul(jacobian.t());
    const Tensor w = weights("fairgrad", g, "{\"alpha\": " + std::to_string(alpha) + "}");
    const Tensor product = g.mv(w) * w.pow(1 / alpha);
    CHECK((product / product[0] - 1).abs().max().item<double>() < 1e-6);
  }
}

TEST_CASE("fairgrad: sees neither order nor scale", "[balancer][fairgrad]") {
  check_order_and_scale("fairgrad", 1e-8, R"({"alpha": 2})");
}

TEST_CASE("fairgrad: an alpha of 0 is refused", "[balancer][fairgrad]") {
  CHECK(refusal("fairgrad", R"({"alpha": 0})") == "parameters:1:11: [graft/fairgrad] alpha must be >= 0.25, got 0");
}

TEST_CASE("fairgrad: contract of a balancer", "[balancer][fairgrad]") {
  check_gramian_contract("fairgrad", true);
  check_gramian_contract("fairgrad", true, R"({"alpha": 0.25})");
  check_gramian_contract("fairgrad", true, R"({"alpha": 100})");
  check_keeps_no_state("fairgrad");
}
