#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("upgrad: for two tasks half of pcgrad, up to the regularisation", "[balancer][upgrad]") {
  check_close(weights("upgrad", golden().matmul(golden().t())), {.5 + 11 / 18.0, .5 + 11 / 38.0}, 1e-3);
  check_close(weights("upgrad", golden().matmul(golden().t()), R"({"reg_eps": 1e-12})"), {.5 + 11 / 18.0, .5 + 11 / 38.0}, 1e-9);
}

TEST_CASE("upgrad: equals torchjd", "[balancer][upgrad]") { CHECK(worst_direction("upgrad") < 1e-12); }

TEST_CASE("upgrad: without a conflict it is the plain mean", "[balancer][upgrad]") {
  const Tensor jacobian = drawn_jacobian(4, 6, 2).abs();
  check_close(weights("upgrad", jacobian.matmul(jacobian.t())), {.25, .25, .25, .25}, 1e-15);
}

TEST_CASE("upgrad: hurts no task as far as the regularisation allows, and sees neither order nor scale", "[balancer][upgrad]") {
  check_hurts_none("upgrad", 1e-2);
  check_order_and_scale("upgrad", 1e-10);
}

TEST_CASE("upgrad: gradients under norm_eps are only averaged", "[balancer][upgrad]") {
  check_close(weights("upgrad", 1e-6 * golden().matmul(golden().t())), {.5, .5}, 1e-15);
}

TEST_CASE("upgrad: no regularisation is refused", "[balancer][upgrad]") {
  CHECK(refusal("upgrad", R"({"reg_eps": 0})") == "parameters:1:13: [graft/upgrad] reg_eps must be > 0, got 0");
}

TEST_CASE("upgrad: contract of a balancer", "[balancer][upgrad]") {
  check_gramian_contract("upgrad", false);
  check_keeps_no_state("upgrad");
}
