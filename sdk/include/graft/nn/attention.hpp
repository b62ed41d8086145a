// Attention over ragged rows: softmax(q k^T / sqrt(d)) v within each row; rows of unequal length lie end to end, none is padded.
//
//   k, v      [N, H, d]  float or double; any head size; fastest when the last dimension is contiguous
//   q         [N, H, d], or [B, H, d]: only the first token of each row asks
//   offsets   [B + 1] int32    longest: tokens in the longest row
//   returns   in the shape of q; zeros for a row without tokens
//   dropout   on the attention weights, by one stream of call.rng(); each (query, head, key) by its own counter: with [B, H, d]
//             the first tokens lose what they lose with [N, H, d]
//   order     each (row, head) is summed by one thread in a fixed order: the same bits for any thread count
//   is_causal token i of a row sees tokens 0 .. i of it
//   backward  recomputes the weights from the saved log-sum-exp; differentiated itself, it is that of the plain twin
//   source    Vaswani et al. 2017, arXiv:1706.03762; Dao et al. 2022, arXiv:2205.14135 for the backward pass
#pragma once

#include <cstdint>

#include "graft/call.hpp"
#include "graft/export.hpp"

namespace graft::nn {

GRAFT_API Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, std::int64_t longest,
                           double p_dropout, const Call& call, bool is_causal = false);

// The plain twin: the same result from LibTorch's own operations, row by row; differentiable any number of times.
GRAFT_API Tensor attention_plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, double p_dropout,
                                 const Call& call, bool is_causal = false);

}  // namespace graft::nn
