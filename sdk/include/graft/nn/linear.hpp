// Linear: y = x W^T + b over the last dimension.
//
//   x        [..., in]   float
//   weight   [out, in]   bias [out], both registered under those names
//   init     as torch.nn.Linear: weight and bias uniform within 1 / sqrt(in), drawn from `rng`; with a `deviation` the weight
//            is normal and the bias 0
//   source   PyTorch's torch.nn.Linear; the same parameter names and layout
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <optional>

#include "graft/call.hpp"
#include "graft/export.hpp"
#include "graft/rng.hpp"

namespace graft::nn {

class GRAFT_API Linear : public torch::nn::Module {
 public:
  Linear(std::int64_t in, std::int64_t out, Rng rng, bool with_bias = true, std::optional<double> deviation = {});
  Tensor forward(const Tensor& x, const Call& call) const;

  Tensor weight, bias;  // bias is undefined without one
};

}  // namespace graft::nn
