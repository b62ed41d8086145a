#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

namespace {

// Task 0 fell to a half, task 1 not at all.
double history(std::int64_t task, std::int64_t ago) { return task == 0 && ago == 1 ? 1.0 : 2.0; }

}  // namespace

TEST_CASE("dwa: ratios 0.5 and 1 at temperature 2", "[balancer][dwa]") {
  FakeLosses losses = of_values({1, 1});
  losses.epochs = history;
  const double a = std::exp(0.25), b = std::exp(0.5);
  check_close(vector(scalar(*make("dwa", 2), losses).gradient), {2 * a / (a + b), 2 * b / (a + b)}, 1e-15);
}

TEST_CASE("dwa: equals K softmax(r / T) by LibTorch", "[balancer][dwa]") {
  FakeLosses losses = of_values({1, 2, 3});
  losses.epochs = [](std::int64_t task, std::int64_t ago) { return 0.3 + task * 0.2 + 0.1 * ago * (task + 1); };
  std::vector<double> ratio;
  for (int task = 0; task < 3; ++task) ratio.push_back(losses.epochs(task, 1) / losses.epochs(task, 2));
  const Tensor expected = 3 * torch::softmax(vector(ratio) / 0.5, 0);
  check_close(vector(scalar(*make("dwa", 3, R"({"temperature": 0.5})"), losses).gradient), list(expected), 1e-14);
}

TEST_CASE("dwa: equal weights while a task has no two epochs behind it, and a sum of K always", "[balancer][dwa]") {
  CHECK(scalar(*make("dwa", 2), of_values({1, 5})).gradient == std::vector<double>{1, 1});
  FakeLosses losses = of_values({1, 5});
  losses.epochs = history;
  const Scalar got = scalar(*make("dwa", 2), losses);
  CHECK(got.gradient[0] + got.gradient[1] == Approx(2));
  CHECK(got.gradient[0] < got.gradient[1]);
}

TEST_CASE("dwa: a temperature of 0 is refused", "[balancer][dwa]") {
  CHECK(refusal("dwa", R"({"temperature": 0})") == "parameters:1:17: [graft/dwa] temperature must be > 0, got 0");
}

TEST_CASE("dwa: contract of a balancer", "[balancer][dwa]") {
  check_loss_contract("dwa");
  check_keeps_no_state("dwa");
}
