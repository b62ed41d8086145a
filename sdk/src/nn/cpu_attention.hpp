// Attention over ragged rows on the CPU: one task for each (row, head), on all threads.
#pragma once

#include <cstdint>
#include <vector>

#include "ops.hpp"

namespace graft::nn {

AttentionResult cpu_attention(const AttentionInputs& in);
AttentionSlopes cpu_attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout);

// The offsets on the CPU. throws Error("graft/nn") when they do not rise from 0 to `tokens`.
std::vector<std::int64_t> read_offsets(const Tensor& offsets, std::int64_t tokens);

inline bool asks_first_only(const Tensor& q, const Tensor& k) { return q.size(0) != k.size(0); }

}  // namespace graft::nn
