// LossBalancer: the base of the balancers that give one differentiable scalar of the losses. Their weights reach the heads too.
#pragma once

#include <vector>

#include "graft/balancer.hpp"

namespace graft::plugins {

class LossBalancer : public Balancer {
 public:
  Wants wants() const final { return Wants::kLosses; }
  bool scales_heads() const final { return true; }
};

Tensor weighted_sum(const Tensor& values, const std::vector<double>& weights);  // sum of weights * values, a scalar []

}  // namespace graft::plugins
