#include "graft/nn/layer_norm.hpp"

#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

namespace graft::nn {

LayerNorm::LayerNorm(std::int64_t width, double epsilon) : epsilon_(epsilon) {
  weight = register_parameter("weight", at::ones({width}, at::kFloat));
  bias = register_parameter("bias", at::zeros({width}, at::kFloat));
}

Tensor LayerNorm::forward(const Tensor& x, const Call&) const {
  return at::layer_norm(x, {weight.size(0)}, weight, bias, epsilon_);
}

}  // namespace graft::nn
