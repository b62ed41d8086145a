// Discriminator: a small network that tells the source domain from the target, and the reversal that trains the model against it.
//
//   scores    [B]  linear (width) -> ReLU -> linear (1); above 0: source
//   loss      binary cross-entropy, one value a row
#pragma once

#include <torch/nn/module.h>

#include "graft/nn/linear.hpp"
#include "graft/progress.hpp"

namespace graft::plugins {

class Discriminator final : public torch::nn::Module {
 public:
  Discriminator(std::int64_t inputs, std::int64_t width, Rng rng);
  Tensor forward(const Tensor& x) const;                 // [B, inputs] float -> [B]
  Tensor losses(const Tensor& x, bool is_source) const;  // [B]

 private:
  std::shared_ptr<nn::Linear> hidden_, out_;
};

// The value of x; gradients are multiplied by -factor.
Tensor reversed(const Tensor& x, double factor);

// 2 / (1 + exp(-gamma p)) - 1, p the share of the run that is done: from 0 to nearly 1.
double rising(const Progress& progress, double gamma);

}  // namespace graft::plugins
