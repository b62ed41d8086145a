#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("aligned_mtl: the golden value of torchjd", "[balancer][aligned_mtl]") {
  check_close(weights("aligned_mtl", golden().matmul(golden().t())), {.5591, .4083}, 1e-4);
  check_close(direction("aligned_mtl", golden()), {.2133, .9673, .9673}, 1e-4);
}

TEST_CASE("aligned_mtl: equals torchjd", "[balancer][aligned_mtl]") { CHECK(worst_direction("aligned_mtl") < 1e-10); }

TEST_CASE("aligned_mtl: orthogonal gradients of one length are only averaged", "[balancer][aligned_mtl]") {
  check_close(weights("aligned_mtl", 9 * torch::eye(4, torch::kDouble)), {.25, .25, .25, .25}, 1e-14);
}

TEST_CASE("aligned_mtl: sees neither order nor scale", "[balancer][aligned_mtl]") { check_order_and_scale("aligned_mtl", 1e-11); }

TEST_CASE("aligned_mtl: has no parameters", "[balancer][aligned_mtl]") {
  CHECK(refusal("aligned_mtl", R"({"scale": "min"})") == "parameters:1:2: [graft/aligned_mtl] scale is not a parameter");
}

TEST_CASE("aligned_mtl: contract of a balancer", "[balancer][aligned_mtl]") {
  check_gramian_contract("aligned_mtl", false);
  check_keeps_no_state("aligned_mtl");
}
