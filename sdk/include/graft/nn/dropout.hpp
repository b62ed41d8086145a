// Dropout: zeroes each element with probability p and scales the rest by 1 / (1 - p), in training only.
//
//   draw     element i is dropped by 32 bits hashed from one stream of call.rng() and i: the same for any thread count, float
//            type and device, and after a resume; element i in the order of x.contiguous()
//   backward draws the mask again rather than keeping it; differentiable any number of times
//   errors   Error("graft/nn") when p is not in [0, 1)
//   source   Srivastava et al. 2014, JMLR 15
#pragma once

#include "graft/call.hpp"
#include "graft/export.hpp"

namespace graft::nn {

GRAFT_API Tensor dropout(const Tensor& x, double p, const Call& call);

}  // namespace graft::nn
