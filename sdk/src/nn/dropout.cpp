#include "graft/nn/dropout.hpp"

#include <ATen/ops/empty_like.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include "mask.hpp"
#include "ops.hpp"
#include "twin.hpp"

namespace graft::nn {
namespace {

// Where a device or type has no kernel the mask is made on the CPU, so that all drop the same elements.
Tensor masked(const Tensor& x, const Mask& mask) {
  if (const Ops* ops = ops_of(x)) return ops->dropout(x.contiguous(), mask);
  const Tensor ones = at::empty_like(x, x.options().device(at::kCPU).dtype(at::kFloat), at::MemoryFormat::Contiguous).fill_(1);
  return x.mul(cpu_ops().dropout(ones, mask).to(x.options()));
}

// The backward pass draws the mask again: cheaper than keeping it. It is linear, so it is its own derivative.
struct Dropout : torch::autograd::Function<Dropout> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Mask* mask) {
    keep(*context, *mask);
    return masked(x, *mask);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const Mask mask = kept_mask(*context);
    return {apply(gradients[0], &mask), {}};
  }
};

}  // namespace

Tensor dropout_by(const Tensor& x, const Mask& mask) { return mask.threshold == 0 ? x : Dropout::apply(x, &mask); }

Tensor dropout(const Tensor& x, double p, const Call& call) {
  RECORD_FUNCTION("graft::dropout", std::vector<c10::IValue>());
  return dropout_by(x, mask_of(p, call));
}

}  // namespace graft::nn
