#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("sum: 2 x 3 + 0.5 x 4 is 8", "[balancer][sum]") {
  const Scalar got = scalar(*make("sum", 2, R"({"weights": [2, 0.5]})"), of_values({3, 4}));
  CHECK(got.value == 8);
  CHECK(got.gradient == std::vector<double>{2, 0.5});
}

TEST_CASE("sum: without weights it is the plain sum of LibTorch", "[balancer][sum]") {
  const FakeLosses losses = of_values({0.1, 0.2, 0.7});
  CHECK(scalar(*make("sum", 3), losses).value == losses.loss.sum().item<double>());
}

TEST_CASE("sum: a task that is absent leaves the weights of the others in place", "[balancer][sum]") {
  FakeLosses losses = of_values({1, 1});
  losses.present = {0, 2};
  CHECK(scalar(*make("sum", 3, R"({"weights": [1, 10, 100]})"), losses).gradient == std::vector<double>{1, 100});
}

TEST_CASE("sum: a wrong number of weights and a negative one are refused", "[balancer][sum]") {
  CHECK(message_of([] { make("sum", 3, R"({"weights": [1, 2]})"); }) ==
        "[graft/sum] weights must have one number for each of the 3 tasks, got 2");
  CHECK(refusal("sum", R"({"weights": [1, -1]})") == "parameters:1:17: [graft/sum] weights[1] must be >= 0, got -1");
}

TEST_CASE("sum: contract of a balancer", "[balancer][sum]") {
  check_loss_contract("sum");
  check_keeps_no_state("sum");
}
