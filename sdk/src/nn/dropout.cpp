#include "graft/nn/dropout.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty_like.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "graft/rng.hpp"
#include "mask.hpp"

namespace graft::nn {
namespace {

constexpr std::int64_t kBlock = 1 << 16;  // elements that share one key; what one task does

template <class T>
void apply_mask(const Tensor& x, Tensor& y, const Mask& mask) {
  const T* from = x.const_data_ptr<T>();
  T* to = y.mutable_data_ptr<T>();
  const std::int64_t n = x.numel();
  at::parallel_for(0, (n + kBlock - 1) / kBlock, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t first = block * kBlock;
      kernels<T>().dropout(from + first, to + first, std::min(kBlock, n - first),
                           Rng::bits_at(mask.key, static_cast<std::uint64_t>(block)), mask.threshold, static_cast<T>(mask.scale));
    }
  });
}

// The mask is made on the CPU, so that all devices and types drop the same elements.
Tensor masked(const Tensor& x, const Mask& mask) {
  if (!x.is_cpu() || (x.scalar_type() != at::kFloat && x.scalar_type() != at::kDouble)) {
    const Tensor ones = at::empty_like(x, x.options().device(at::kCPU).dtype(at::kFloat), at::MemoryFormat::Contiguous).fill_(1);
    return x.mul(masked(ones, mask).to(x.options()));
  }
  const Tensor held = x.contiguous();
  Tensor y = at::empty_like(held);
  if (x.scalar_type() == at::kFloat)
    apply_mask<float>(held, y, mask);
  else
    apply_mask<double>(held, y, mask);
  return y;
}

// The backward pass draws the mask again: cheaper than keeping it. It is linear, so it is its own derivative.
struct Dropout : torch::autograd::Function<Dropout> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, std::int64_t key, std::int64_t threshold,
                        double scale) {
    context->saved_data["key"] = key;
    context->saved_data["threshold"] = threshold;
    context->saved_data["scale"] = scale;
    return masked(x, {static_cast<std::uint64_t>(key), 0, 1, static_cast<std::uint32_t>(threshold), scale});
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    auto& saved = context->saved_data;
    return {apply(gradients[0], saved["key"].toInt(), saved["threshold"].toInt(), saved["scale"].toDouble()), {}, {}, {}};
  }
};

}  // namespace

Tensor dropout(const Tensor& x, double p, const Call& call) {
  RECORD_FUNCTION("graft::dropout", std::vector<c10::IValue>());
  const Mask mask = mask_of(p, call);
  if (mask.threshold == 0) return x;
  return Dropout::apply(x, static_cast<std::int64_t>(mask.key), static_cast<std::int64_t>(mask.threshold), mask.scale);
}

}  // namespace graft::nn
