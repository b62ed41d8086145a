// Mask of dropout: which elements are kept, for the kernels and, in plain C++, for their twins.
#pragma once

#include <cmath>
#include <string>

#include "graft/call.hpp"
#include "graft/error.hpp"
#include "kernels.hpp"

namespace graft::nn {

// throws Error("graft/nn") when p is not in [0, 1). Keeps everything, and asks for no stream, where dropout does not act.
inline Mask mask_of(double p, const Call& call) {
  if (!(p >= 0 && p < 1)) throw Error("graft/nn", "dropout must be in [0, 1), got " + std::to_string(p));
  const auto threshold = static_cast<std::uint32_t>(std::llround(std::ldexp(p, 32)) - (p > 0.9999999998 ? 1 : 0));
  if (threshold == 0 || !call.training()) return {};
  return {call.rng().key(), 0, 1, threshold, 1.0 / (1.0 - p)};
}

// nn::dropout with a mask that is already drawn.
Tensor dropout_by(const Tensor& x, const Mask& mask);

}  // namespace graft::nn
