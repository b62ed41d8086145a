#include "core/train/attach_adapter.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "core/config/texts.hpp"
#include "core/registry/guarded.hpp"
#include "graft/error.hpp"
#include "graft/nn/patch.hpp"

namespace graft::core {
namespace {

// Parameters and buffers that belong to no patch.
void add_base_tensors(const torch::nn::Module& module, const std::string& prefix, NamedTensors& all) {
  for (const auto& item : module.named_parameters(/*recurse=*/false)) all.emplace_back(prefix + item.key(), item.value());
  for (const auto& item : module.named_buffers(/*recurse=*/false)) all.emplace_back(prefix + item.key(), item.value());
  for (const auto& child : module.named_children())
    if (!std::dynamic_pointer_cast<nn::Patch>(child.value())) add_base_tensors(*child.value(), prefix + child.key() + ".", all);
}

NamedTensors base_tensors(const Model& model) {
  NamedTensors all;
  add_base_tensors(model, "", all);
  return all;
}

bool has_patch(const Model& model, const std::string& set) {
  for (const auto& module : model.named_modules())
    if (module.key().ends_with("." + set) && std::dynamic_pointer_cast<nn::Patch>(module.value())) return true;
  return false;
}

// What the adapter does to the model itself: "" nothing.
std::string fault_of(const Model& model, const NamedTensors& before, const std::string& set) {
  const NamedTensors now = base_tensors(model);
  for (std::size_t i = 0; i < now.size(); ++i)
    if (i >= before.size() || !at::equal(now[i].second, before[i].second)) return "changes " + now[i].first;
  for (const auto& [name, tensor] : now)
    if (tensor.requires_grad()) return "leaves " + name + " to train";
  return has_patch(model, set) ? "" : "has no patch";
}

}  // namespace

NamedAdapter attach_adapter(Model& model, const Value::Member& entry, const Rng& rng, Loader& loader) {
  const std::string& use = entry.value.at("use").text();
  NamedAdapter adapter{entry.key, entry.value, {}, {}, texts_of(entry.value.find("heads"))};
  adapter.adapter = loader.create<Adapter>(use, Config(entry.key, entry.value));
  adapter.plugin = plugin_of(adapter.adapter);
  NamedTensors before;
  if (!adapter.heads.empty()) before = base_tensors(model);
  for (auto& [name, tensor] : before) tensor = tensor.detach().clone();
  guarded(*adapter.plugin, "attach", [&] { adapter.adapter->attach(model, rng.fork(entry.key)); });
  if (adapter.heads.empty()) return adapter;
  if (const std::string fault = fault_of(model, before, entry.key); !fault.empty())
    throw Error(use, "heads must be null for an adapter that acts on the model itself, which all heads share: adapters." +
                         entry.key + " " + fault + "; lora and others that hang patches on layers can be one head's own");
  return adapter;
}

}  // namespace graft::core
