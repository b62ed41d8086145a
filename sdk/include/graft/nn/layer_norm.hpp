// LayerNorm over the last dimension: (x - mean) / sqrt(variance + epsilon) * weight + bias, biased variance.
//
//   x        [..., D]   float
//   weight   [D] ones   bias [D] zeros
//   source   Ba et al. 2016, arXiv:1607.06450; PyTorch's torch.nn.LayerNorm
#pragma once

#include <torch/nn/module.h>

#include <cstdint>

#include "graft/call.hpp"
#include "graft/export.hpp"

namespace graft::nn {

class GRAFT_API LayerNorm : public torch::nn::Module {
 public:
  explicit LayerNorm(std::int64_t width, double epsilon = 1e-5);
  Tensor forward(const Tensor& x, const Call& call) const;

  Tensor weight, bias;

 private:
  double epsilon_;
};

}  // namespace graft::nn
