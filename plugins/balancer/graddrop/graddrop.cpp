#include "graddrop.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/where.h>

namespace graft::plugins {

Graddrop::Graddrop(const Config& config) : leak_(config.number("leak")) {}

Tensor Graddrop::combine(const Losses& losses) {
  const Tensor& jacobian = losses.jacobian();
  const Tensor sum = jacobian.sum(0), size = jacobian.abs().sum(0);
  const Tensor positive = at::where(size > 0, sum / size, sum) * 0.5 + 0.5;
  const Tensor is_up = positive > losses.rng().fork("graft/graddrop").uniform_like(positive);
  const Tensor stays = at::where(is_up, jacobian.clamp_min(0).sum(0), jacobian.clamp_max(0).sum(0));
  return leak_ == 0 ? stays : stays * (1 - leak_) + sum * leak_;
}

}  // namespace graft::plugins
