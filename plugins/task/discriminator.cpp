#include "discriminator.hpp"

#include <ATen/Functions.h>

#include <cmath>

namespace graft::plugins {

Discriminator::Discriminator(std::int64_t inputs, std::int64_t width, Rng rng)
    : hidden_(register_module("hidden", std::make_shared<nn::Linear>(inputs, width, rng.fork("hidden")))),
      out_(register_module("out", std::make_shared<nn::Linear>(width, 1, rng.fork("out")))) {}

Tensor Discriminator::forward(const Tensor& x) const {
  const Call call;
  return out_->forward(at::relu(hidden_->forward(x, call)), call).squeeze(1);
}

// -log sigmoid(s) for the source, -log sigmoid(-s) for the target.
Tensor Discriminator::losses(const Tensor& x, bool is_source) const {
  const Tensor scores = forward(x);
  return at::softplus(is_source ? scores.neg() : scores);
}

Tensor reversed(const Tensor& x, double factor) { return x.mul(-factor).add(x.detach().mul(1 + factor)); }

double rising(const Progress& progress, double gamma) {
  const double done = static_cast<double>(progress.step) / static_cast<double>(progress.total_steps);
  return 2 / (1 + std::exp(-gamma * done)) - 1;
}

}  // namespace graft::plugins
