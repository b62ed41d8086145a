// LibTorch's Adam on one number a task, to compare what a balancer trains itself with.
#pragma once

#include <torch/optim/adam.h>

#include "balancer_test_case.hpp"

namespace balancer_test {

struct AdamReference {
  Tensor x;
  torch::optim::Adam adam;

  AdamReference(std::int64_t tasks, double start, double learning_rate, double weight_decay = 0)
      : x(torch::full({tasks}, start, torch::kDouble).set_requires_grad(true)),
        adam({x}, torch::optim::AdamOptions(learning_rate).weight_decay(weight_decay)) {}

  void step(const Tensor& loss) {
    adam.zero_grad();
    loss.backward();
    adam.step();
  }
};

}  // namespace balancer_test
