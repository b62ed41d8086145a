// Cross-entropy of scores and classes, one value a row.
//
//   formula   -sum over c of q(c) log softmax(s)(c),   q = 1 - e + e / C for the target, e / C elsewhere
//   scores    [B, C]  float or bfloat16      targets [B] int64 in [0, C), or negative: no label, the row's value is 0
//   smoothing e in [0, 1)
//   returns   [B]     float, nats; twice differentiable
//   errors    Error("graft/nn") when the shapes disagree or, on the CPU, a target is not below C
//   source    Szegedy et al. 2016, arXiv:1512.00567 for the smoothing; PyTorch's cross_entropy with label_smoothing
#pragma once

#include "graft/export.hpp"
#include "graft/tensor.hpp"

namespace graft::nn {

GRAFT_API Tensor cross_entropy(const Tensor& scores, const Tensor& targets, double smoothing = 0);

// The plain twin, from LibTorch's own operations.
GRAFT_API Tensor cross_entropy_plain(const Tensor& scores, const Tensor& targets, double smoothing = 0);

}  // namespace graft::nn
