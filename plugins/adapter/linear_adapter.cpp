#include "linear_adapter.hpp"

#include "base_parameters.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

[[noreturn]] void refuse_order(const std::string& where, const std::string& name, const std::string& other) {
  throw Error(where, name + " has a patch of " + other + " already: in adapters, put this one before it");
}

void require_no_kept_patch(const nn::Linear& layer, const std::string& name, const std::string& where) {
  for (const auto& child : layer.named_children())
    if (std::dynamic_pointer_cast<KeptPatch>(child.value())) refuse_order(where, name, child.key());
}

}  // namespace

LinearAdapter::LinearAdapter(const std::string& where, const Config& config)
    : name_(config.name()), targets_{where, "layers", "linear layer", config.texts("layers")} {}

Linears LinearAdapter::chosen(const Model& model) const { return targets_.choose(layers_of<nn::Linear>(model)); }

Value LinearAdapter::chosen_names(const Model& model) const {
  Value::List names;
  for (const auto& [name, layer] : chosen(model)) names.emplace_back(name);
  return names;
}

void LinearAdapter::prepare(const Model&, const Linears&, Rng) {}

void LinearAdapter::attach(Model& model, Rng rng) {
  const Linears layers = chosen(model);
  if (can_merge())
    for (const auto& [name, layer] : layers) require_no_kept_patch(*layer, name, targets_.where);
  prepare(model, layers, rng);
  freeze(model);
  for (const auto& [name, layer] : layers) layer->attach(name_, patch(name, *layer, rng.fork(name)));
}

void LinearAdapter::merge(Model& model) {
  for (const auto& [name, layer] : chosen(model)) layer->merge(name_);
}

void require_unpatched(const nn::Linear& layer, const std::string& name, const std::string& where) {
  if (!layer.children().empty()) refuse_order(where, name, layer.named_children().begin()->key());
}

}  // namespace graft::plugins
