#include <torch/types.h>

#include "adam_reference.hpp"

using namespace balancer_test;

TEST_CASE("gradnorm: weights of 1 at first, then the longer gradient has lost the learning rate", "[balancer][gradnorm]") {
  const auto gradnorm = make("gradnorm", 2, R"({"learning_rate": 0.1})");
  const FakeLosses losses = of_gramian(torch::diag(vector({100, 1})));
  CHECK(list(gradnorm->combine(losses)) == std::vector<double>{1, 1});
  check_close(gradnorm->combine(losses), {0.9, 1.1}, 1e-8);
}

TEST_CASE("gradnorm: equals autograd on the formula with LibTorch's Adam", "[balancer][gradnorm]") {
  const auto gradnorm = make("gradnorm", 3, R"({"learning_rate": 0.01, "alpha": 0.5})");
  AdamReference w(3, 1, 0.01);
  for (int step = 0; step < 30; ++step) {
    FakeLosses losses = of_jacobian(drawn_jacobian(3, 8, static_cast<std::uint64_t>(step)) * vector({1, 3, 0.5}).unsqueeze(1));
    losses.loss = vector({2.0 / (1 + step), 1.0, 3.0 - 0.05 * step});
    check_close(gradnorm->combine(losses), list(w.x), 1e-12);
    const Tensor rate = losses.loss / vector({2, 1, 3}), norms = w.x * losses.g.diagonal().sqrt();
    const Tensor target = (norms.mean() * (rate / rate.mean()).pow(0.5)).detach();
    w.step((norms - target).abs().sum());
    torch::NoGradGuard guard;
    w.x.mul_(3 / w.x.sum());
  }
}

TEST_CASE("gradnorm: comes to gradients of one length, and sums to the number of tasks", "[balancer][gradnorm]") {
  const auto gradnorm = make("gradnorm", 2, R"({"learning_rate": 0.003})");
  const FakeLosses losses = of_gramian(torch::diag(vector({9, 1})));
  Tensor w;
  for (int step = 0; step < 2000; ++step) w = gradnorm->combine(losses);
  check_close(w, {0.5, 1.5}, 0.02);
}

TEST_CASE("gradnorm: a negative alpha is refused", "[balancer][gradnorm]") {
  CHECK(refusal("gradnorm", R"({"alpha": -1})") == "parameters:1:11: [graft/gradnorm] alpha must be >= 0, got -1");
}

TEST_CASE("gradnorm: contract of a balancer", "[balancer][gradnorm]") {
  check_gramian_contract("gradnorm", true);
  const auto step = [](Balancer& b, int i) {
    FakeLosses losses = of_jacobian(drawn_jacobian(3, 8, static_cast<std::uint64_t>(i)));
    losses.loss = vector({2.0 / (1 + i), 1.0, 3.0});
    return b.combine(losses);
  };
  check_state("gradnorm", step, "weights");
}
