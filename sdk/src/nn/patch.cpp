#include "graft/nn/patch.hpp"

#include <ATen/ops/cat.h>

#include <algorithm>

#include "graft/error.hpp"

namespace graft::nn {

Patch::~Patch() = default;
Tensor Patch::before(const Tensor& x, const Call&) const { return x; }
Tensor Patch::after(const Tensor& y, const Tensor&, const Call&) const { return y; }
Tensor Patch::weight(const Tensor& weight, const Call&) const { return weight; }
std::vector<Tensor> Patch::tokens(const Call&) const { return {}; }
void Patch::merge() { throw Error("graft/nn", "this patch can't be folded into its layer"); }

PatchSlot::~PatchSlot() = default;

void PatchSlot::attach(const std::string& set, std::shared_ptr<Patch> patch) {
  for (const auto& [name, held] : patches_)
    if (name == set) throw Error("graft/nn", "a layer has one patch of the set " + set + ", a second was attached");
  if (named_parameters(/*recurse=*/false).contains(set))
    throw Error("graft/nn", "a patch set can't be named " + set + ", which is a parameter of the layer");
  patches_.emplace_back(set, register_module(set, std::move(patch)));
}

void PatchSlot::merge(const std::string& set) {
  const auto at = std::find_if(patches_.begin(), patches_.end(), [&](const auto& held) { return held.first == set; });
  if (at == patches_.end()) return;
  at->second->merge();
  unregister_module(set);
  patches_.erase(at);
}

bool PatchSlot::is_patched(const Call& call) const {
  return std::any_of(patches_.begin(), patches_.end(), [&](const auto& held) { return call.active(held.first); });
}

Tensor PatchSlot::before(Tensor x, const Call& call) const {
  for (const auto& [set, patch] : patches_)
    if (call.active(set)) x = patch->before(x, call);
  return x;
}

Tensor PatchSlot::after(Tensor y, const Tensor& x, const Call& call) const {
  for (const auto& [set, patch] : patches_)
    if (call.active(set)) y = patch->after(y, x, call);
  return y;
}

Tensor PatchSlot::seen(Tensor weight, const Call& call) const {
  for (const auto& [set, patch] : patches_)
    if (call.active(set)) weight = patch->weight(weight, call);
  return weight;
}

std::vector<Tensor> PatchSlot::tokens(const Call& call) const {
  std::vector<Tensor> all;
  for (const auto& [set, patch] : patches_) {
    if (!call.active(set)) continue;
    std::vector<Tensor> more = patch->tokens(call);
    for (std::size_t i = 0; i < more.size() && !all.empty(); ++i) more[i] = at::cat({all[i], more[i]});
    if (!more.empty()) all = std::move(more);
  }
  return all;
}

void freeze_base(torch::nn::Module& model) {
  for (const auto& parameter : model.named_parameters(/*recurse=*/false)) parameter.value().set_requires_grad(false);
  for (const auto& child : model.children())
    if (!std::dynamic_pointer_cast<Patch>(child)) freeze_base(*child);
}

}  // namespace graft::nn
