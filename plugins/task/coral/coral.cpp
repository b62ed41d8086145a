#include "coral.hpp"

#include <ATen/Functions.h>

#include <algorithm>

namespace graft::plugins {
namespace {

Tensor covariance(const Tensor& x) {
  const Tensor centred = x - x.mean(0, true);
  return at::mm(centred.t(), centred).div(static_cast<double>(std::max<std::int64_t>(x.size(0) - 1, 1)));
}

}  // namespace

Tensor coral_loss(const Tensor& source, const Tensor& target) {
  const auto width = static_cast<double>(source.size(1));
  return (covariance(source) - covariance(target)).square().sum().div(4 * width * width);
}

Coral::Coral(const Config& config) : Adaptation("graft/coral"), weight_(config.number("weight")) {}

Term Coral::penalty(Step&, const Domain& source, const Domain& target) {
  return {"coral", coral_loss(source.features, target.features).mul(weight_), one_on(source.features)};
}

}  // namespace graft::plugins
