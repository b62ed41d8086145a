#include "loss_balancer.hpp"

#include <ATen/TensorOperators.h>

#include "gramian.hpp"

namespace graft::plugins {

Tensor weighted_sum(const Tensor& values, const std::vector<double>& weights) {
  return (values * tensor_of(weights, values)).sum();
}

}  // namespace graft::plugins
