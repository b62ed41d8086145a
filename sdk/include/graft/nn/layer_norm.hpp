// LayerNorm over the last dimension: (x - mean) / sqrt(variance + epsilon) * weight + bias, biased variance.
//
//   x         [..., D]   float or bfloat16; the statistics are float
//   residual  as x: norm(dropout(x) + residual) in one pass, dropping what nn::dropout drops; twice differentiable
//   weight    [D] ones   bias [D] zeros
//   source    Ba et al. 2016, arXiv:1607.06450; PyTorch's torch.nn.LayerNorm
#pragma once

#include <cstdint>

#include "graft/nn/patch.hpp"

namespace graft::nn {

class GRAFT_API LayerNorm : public PatchSlot {
 public:
  explicit LayerNorm(std::int64_t width, double epsilon = 1e-5);
  Tensor forward(const Tensor& x, const Call& call) const;
  Tensor forward(const Tensor& x, const Tensor& residual, double p_dropout, const Call& call) const;

  Tensor weight, bias;

 private:
  double epsilon_;
};

}  // namespace graft::nn
