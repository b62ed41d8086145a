// Twin: what a fused layer does when its gradient is itself differentiated. Fused backward passes have no derivative, so with
// grad mode on (create_graph) the gradient is taken through the plain twin instead, which has one.
#pragma once

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <utility>
#include <vector>

namespace graft::nn {

// The gradients of plain() with respect to `inputs`, in their order, undefined where an input needs none.
template <class Plain>
torch::autograd::variable_list twin_gradients(const torch::autograd::variable_list& inputs, const at::Tensor& gradient,
                                              const Plain& plain) {
  torch::autograd::variable_list needed;
  for (const at::Tensor& input : inputs)
    if (input.defined() && input.requires_grad()) needed.push_back(input);
  const auto found = torch::autograd::grad({plain()}, needed, {gradient}, true, /*create_graph=*/true, /*allow_unused=*/true);
  torch::autograd::variable_list gradients;
  std::size_t next = 0;
  for (const at::Tensor& input : inputs)
    gradients.push_back(input.defined() && input.requires_grad() ? found[next++] : at::Tensor());
  return gradients;
}

// What saved_data of an AutogradContext holds of a mask.
inline void keep(torch::autograd::AutogradContext& context, const Mask& mask) {
  context.saved_data["key"] = static_cast<std::int64_t>(mask.key);
  context.saved_data["threshold"] = static_cast<std::int64_t>(mask.threshold);
  context.saved_data["scale"] = mask.scale;
}
inline Mask kept_mask(torch::autograd::AutogradContext& context) {
  return {static_cast<std::uint64_t>(context.saved_data["key"].toInt()), 0, 1,
          static_cast<std::uint32_t>(context.saved_data["threshold"].toInt()), context.saved_data["scale"].toDouble()};
}

}  // namespace graft::nn
