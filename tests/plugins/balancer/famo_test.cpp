#include <torch/types.h>

#include "adam_reference.hpp"

using namespace balancer_test;

TEST_CASE("famo: at first each weight is its loss's share of the harmonic mean", "[balancer][famo]") {
  const Scalar got = scalar(*make("famo", 2), of_values({1, 3}));
  check_close(vector(got.gradient), {0.5 / (0.5 + 0.5 / 3), 0.5 / 3 / (0.5 + 0.5 / 3)}, 1e-7);
}

TEST_CASE("famo: the weights move as autograd through the softmax and LibTorch's Adam move them", "[balancer][famo]") {
  const auto famo = make("famo", 3, R"({"learning_rate": 0.05, "weight_decay": 0.01})");
  AdamReference w(3, 0, 0.05, 0.01);
  for (int step = 0; step < 20; ++step) {
    const FakeLosses before = of_values({2.0, 1.0 + step, 0.5}), after = of_values({1.5, 0.9 + step, 0.49 + 0.01 * step});
    const Tensor z = torch::softmax(w.x, 0), d = before.loss.detach() + 1e-8;
    const Tensor expected = (before.loss.detach() + 1e-8).log().dot(z.detach()) / (z / d).sum().detach();
    CHECK(scalar(*famo, before).value == Approx(expected.item<double>()).epsilon(1e-12).margin(1e-12));
    famo->after_step(after);
    w.step(z.dot(d.log() - (after.loss.detach() + 1e-8).log()));
  }
}

TEST_CASE("famo: a task that falls more slowly than the others gains weight", "[balancer][famo]") {
  const auto famo = make("famo", 2);
  const double before = scalar(*famo, of_values({1, 1})).gradient[0];
  famo->after_step(of_values({0.99, 0.5}));
  CHECK(scalar(*famo, of_values({1, 1})).gradient[0] > before);
}

TEST_CASE("famo: a negative weight decay is refused", "[balancer][famo]") {
  CHECK(refusal("famo", R"({"weight_decay": -1})") == "parameters:1:18: [graft/famo] weight_decay must be >= 0, got -1");
}

TEST_CASE("famo: contract of a balancer", "[balancer][famo]") {
  check_loss_contract("famo", true);
  const auto step = [](Balancer& b, int i) {
    const Tensor value = b.combine(of_values({1.0 + i, 0.5, 0.1 + 0.1 * i})).detach();
    b.after_step(of_values({0.9 + i, 0.3, 0.1 * i}));
    return value;
  };
  check_state("famo", step, "logits");
}
