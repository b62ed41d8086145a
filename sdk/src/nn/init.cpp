#include "graft/nn/init.hpp"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <numbers>

#include "graft/error.hpp"

namespace graft::nn {
namespace {

double uniform_at(std::uint64_t key, std::uint64_t counter) {
  return static_cast<double>(Rng::bits_at(key, counter) >> 11) * 0x1.0p-53;
}

template <class Draw>
void fill(Tensor& tensor, const Draw& draw) {
  const bool is_float = tensor.scalar_type() == at::kFloat;
  if (!tensor.is_contiguous() || !tensor.is_cpu() || (!is_float && tensor.scalar_type() != at::kDouble)) {
    throw Error("graft/nn", "a parameter is initialised as a contiguous float or double tensor on the CPU");
  }
  void* data = tensor.mutable_data_ptr();
  at::parallel_for(0, tensor.numel(), 1 << 14, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const double value = draw(static_cast<std::uint64_t>(i));
      if (is_float)
        static_cast<float*>(data)[i] = static_cast<float>(value);
      else
        static_cast<double*>(data)[i] = value;
    }
  });
  tensor.unsafeGetTensorImpl()->bump_version();
}

}  // namespace

void normal_(Tensor& tensor, double deviation, Rng rng) {
  if (deviation == 0) {
    at::NoGradGuard no_grad;
    tensor.zero_();
    return;
  }
  const std::uint64_t key = rng.key();
  fill(tensor, [key, deviation](std::uint64_t i) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform_at(key, 2 * i)));
    return deviation * radius * std::cos(2.0 * std::numbers::pi * uniform_at(key, 2 * i + 1));
  });
}

void uniform_(Tensor& tensor, double bound, Rng rng) {
  const std::uint64_t key = rng.key();
  fill(tensor, [key, bound](std::uint64_t i) { return bound * (2.0 * uniform_at(key, 2 * i) - 1.0); });
}

}  // namespace graft::nn
