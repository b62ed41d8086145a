// Linear: y = x W^T + b over the last dimension.
//
//   x          [..., in]   float or bfloat16; computed and returned in call.precision()
//   weight     [out, in]   bias [out], both registered under those names, both float
//   patches    before() sees x, after() the result, weight() the weight; a weight that a patch gives is narrowed anew each time
//   bfloat16   from a copy of the weight that is made anew when its version has changed; gradients are float
//   init       as torch.nn.Linear: weight and bias uniform within 1 / sqrt(in), drawn from `rng`; with a `deviation` the weight
//              is normal and the bias 0
//   source     PyTorch's torch.nn.Linear; the same parameter names and layout
#pragma once

#include <cstdint>
#include <optional>

#include "graft/nn/patch.hpp"
#include "graft/rng.hpp"

namespace graft::nn {

class GRAFT_API Linear : public PatchSlot {
 public:
  Linear(std::int64_t in, std::int64_t out, Rng rng, bool with_bias = true, std::optional<double> deviation = {});
  Tensor forward(const Tensor& x, const Call& call) const;
  Tensor forward_gelu(const Tensor& x, const Call& call) const;  // gelu(forward(x)) by erf, bias and GELU in one pass

  Tensor weight, bias;  // bias is undefined without one

 private:
  Tensor weight_in(at::ScalarType precision) const;
  mutable Tensor shadow_;  // the weight in bfloat16, and the weight's version that it is of
  mutable std::int64_t shadow_version_ = -1;
};

}  // namespace graft::nn
