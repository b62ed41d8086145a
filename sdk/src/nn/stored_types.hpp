// Which type of kernels.hpp lies in a tensor's memory, and in which its sums and factors are kept.
#pragma once

#include "graft/tensor.hpp"
#include "kernels.hpp"

namespace graft::nn {

// Calls work(S{}).
template <class Work>
void by_type(const Tensor& x, const Work& work) {
  if (x.scalar_type() == at::kDouble) return work(double{});
  if (x.scalar_type() == at::kBFloat16) return work(Brain{});
  return work(float{});
}

inline at::TensorOptions number_options(const Tensor& x) {
  return x.options().dtype(x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
}

}  // namespace graft::nn
