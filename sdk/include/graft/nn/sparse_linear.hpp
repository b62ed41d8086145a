// Sparse linear: y = x W^T + b for rows x with few non-zeros, which are never made dense.
//
//   x        SparseRows, B rows of `width`      weight [out, width]   bias [out], or undefined
//   returns  [B, out]  in the weight's type, float or double
//   order    each output is summed by one thread in the order of x.ids: the same bits for any thread count
//   backward to weight and bias; a second derivative throws Error("graft/nn")
//   errors   Error("graft/nn") when the weight's width is not that of x, or an id is out of range (CPU only)
#pragma once

#include "graft/columns.hpp"
#include "graft/export.hpp"

namespace graft::nn {

GRAFT_API Tensor sparse_linear(const SparseRows& x, const Tensor& weight, const Tensor& bias);

}  // namespace graft::nn
