#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("pcgrad: the golden value of torchjd", "[balancer][pcgrad]") {
  check_close(weights("pcgrad", golden().matmul(golden().t())), {1 + 22 / 18.0, 1 + 22 / 38.0}, 1e-14);
  check_close(direction("pcgrad", golden()), {.5848, 3.8012, 3.8012}, 1e-4);
}

TEST_CASE("pcgrad: equals torchjd, in ascending order", "[balancer][pcgrad]") {
  CHECK(worst_direction("pcgrad", R"({"order": "fixed"})") < 1e-12);
}

TEST_CASE("pcgrad: without a conflict it is the plain sum", "[balancer][pcgrad]") {
  const Tensor jacobian = drawn_jacobian(4, 6, 2).abs();
  check_close(weights("pcgrad", jacobian.matmul(jacobian.t())), {1, 1, 1, 1}, 0);
}

TEST_CASE("pcgrad: the drawn order is that of the seed, and does not matter for two tasks", "[balancer][pcgrad]") {
  const Tensor three = drawn_jacobian(3, 2, 5), two = drawn_jacobian(2, 2, 1);
  const auto pcgrad = make("pcgrad", 3);
  std::set<double> seen;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Tensor w = pcgrad->combine(of_jacobian(three, seed));
    CHECK(torch::equal(w, pcgrad->combine(of_jacobian(three, seed))));
    seen.insert(w[0].item<double>());
    CHECK(torch::equal(pcgrad->combine(of_jacobian(two, seed)), pcgrad->combine(of_jacobian(two, 0))));
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("pcgrad: an order it does not know is refused", "[balancer][pcgrad]") {
  CHECK(refusal("pcgrad", R"({"order": "fix"})") ==
        R"(parameters:1:11: [graft/pcgrad] order must be "random" or "fixed", got "fix")");
}

TEST_CASE("pcgrad: contract of a balancer", "[balancer][pcgrad]") {
  check_gramian_contract("pcgrad", false);
  check_gramian_contract("pcgrad", false, R"({"order": "fixed"})");
  check_keeps_no_state("pcgrad");
}
