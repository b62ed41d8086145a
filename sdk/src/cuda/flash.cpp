#include "flash.hpp"

#include <ATen/Context.h>
#include <ATen/ops/_flash_attention_backward.h>
#include <ATen/ops/_flash_attention_forward.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <tuple>

#include "launch.hpp"

namespace graft::nn::cuda {
namespace {

constexpr std::int64_t kTogether = 8;  // elements that its kernels read at once, 16 bytes

bool is_aligned(const Tensor& x) {
  return x.stride(0) % kTogether == 0 && x.stride(1) % kTogether == 0 && x.stride(2) == 1 &&
         reinterpret_cast<std::uintptr_t>(x.const_data_ptr()) % (kTogether * 2) == 0;
}

double scale_of(const AttentionInputs& in) { return 1.0 / std::sqrt(static_cast<double>(in.q.size(2))); }

}  // namespace

bool flash_takes(const AttentionInputs& in) {
  const at::Context& context = at::globalContext();
  if (context.deterministicAlgorithms() || !context.userEnabledFlashSDP()) return false;
  const std::int64_t width = in.q.size(2);
  return in.q.scalar_type() == at::kBFloat16 && in.mask.threshold == 0 && in.q.size(0) == in.k.size(0) && in.q.size(0) > 0 &&
         width % kTogether == 0 && width <= kWidestHead && is_aligned(in.q) && is_aligned(in.k) && is_aligned(in.v);
}

AttentionResult flash_attention(const AttentionInputs& in) {
  const auto result = at::_flash_attention_forward(in.q, in.k, in.v, in.offsets, in.offsets, in.longest, in.longest, 0.0,
                                                   in.is_causal, false, std::optional<double>(scale_of(in)));
  return {std::get<0>(result), std::get<1>(result).t()};
}

AttentionSlopes flash_attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout) {
  const Tensor unread = at::empty({2}, in.q.options().dtype(at::kUInt64));  // the state of its dropout
  auto [dq, dk, dv] = at::_flash_attention_backward(dout, in.q, in.k, in.v, kept.out, kept.lse.t().contiguous(), in.offsets,
                                                    in.offsets, in.longest, in.longest, 0.0, in.is_causal, unread, unread,
                                                    std::optional<double>(scale_of(in)));
  return {dq, dk, dv};
}

}  // namespace graft::nn::cuda
