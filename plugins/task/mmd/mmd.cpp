#include "mmd.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {
namespace {

// Squared distances, never below zero. Without a square root: its slope at zero is infinite.
Tensor distances(const Tensor& x, const Tensor& y) {
  return (x.square().sum(1, true) + y.square().sum(1).unsqueeze(0) - 2 * at::mm(x, y.t())).clamp_min(0);
}

Tensor mean_kernel(const Tensor& x, const Tensor& y, const std::vector<double>& gammas) {
  const Tensor squared = distances(x, y);
  Tensor sum = at::zeros({}, x.options().requires_grad(false));
  for (const double gamma : gammas) sum = sum + squared.mul(-gamma).exp().mean();
  return sum;
}

}  // namespace

Tensor mmd_loss(const Tensor& source, const Tensor& target, const std::vector<double>& gammas) {
  return mean_kernel(source, source, gammas) + mean_kernel(target, target, gammas) - 2 * mean_kernel(source, target, gammas);
}

Mmd::Mmd(const Config& config) : Adaptation("graft/mmd"), weight_(config.number("weight")), gammas_(config.numbers("gammas")) {}

Term Mmd::penalty(Step&, const Domain& source, const Domain& target) {
  return {"mmd", mmd_loss(source.features, target.features, gammas_).mul(weight_), one_on(source.features)};
}

}  // namespace graft::plugins
