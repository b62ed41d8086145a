#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("imtl_g: the golden value of torchjd", "[balancer][imtl_g]") {
  check_close(weights("imtl_g", golden().matmul(golden().t())), {.5923, .4077}, 1e-4);
  check_close(direction("imtl_g", golden()), {.0767, 1, 1}, 1e-4);
}

TEST_CASE("imtl_g: equals torchjd", "[balancer][imtl_g]") { CHECK(worst_direction("imtl_g") < 1e-10); }

TEST_CASE("imtl_g: the projections on all unit gradients are equal", "[balancer][imtl_g]") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Tensor jacobian = drawn_jacobian(4, 7, seed), d = direction("imtl_g", jacobian);
    const Tensor projection = jacobian.mv(d) / jacobian.norm(2, 1);
    CHECK((projection - projection[0]).abs().max().item<double>() <= 1e-9 * d.norm().item<double>());
  }
}

TEST_CASE("imtl_g: sees neither order nor scale", "[balancer][imtl_g]") { check_order_and_scale("imtl_g", 1e-9); }

TEST_CASE("imtl_g: has no parameters", "[balancer][imtl_g]") {
  CHECK(refusal("imtl_g", R"({"alpha": 1})") == "parameters:1:2: [graft/imtl_g] alpha is not a parameter");
}

TEST_CASE("imtl_g: contract of a balancer", "[balancer][imtl_g]") {
  check_gramian_contract("imtl_g", false);
  check_keeps_no_state("imtl_g");
}
