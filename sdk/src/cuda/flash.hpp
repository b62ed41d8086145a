// Flash: LibTorch's flash attention, many times faster than ours. Its operations are private to LibTorch: they are named in
// flash.cpp alone.
//
//   takes     bfloat16, no dropout (its draws are not ours), q [N, H, d], d a multiple of 8 up to 256, 16-byte aligned tokens
//   leaves    everything to our kernels in deterministic mode, and where at::globalContext().setSDPUseFlash(false) was called
//   gives     the log-sum-exp as [N, H], as our kernels do: each may go back from what the other computed
//   source    Dao 2023, arXiv:2307.08691
#pragma once

#include "../nn/ops.hpp"

namespace graft::nn::cuda {

bool flash_takes(const AttentionInputs& in);

// REQUIRES: flash_takes(in), and that dout is of its type.
AttentionResult flash_attention(const AttentionInputs& in);
AttentionSlopes flash_attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout);

}  // namespace graft::nn::cuda
