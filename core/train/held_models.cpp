#include "core/train/held_models.hpp"

#include <algorithm>

#include "core/config/components.hpp"
#include "core/registry/loader.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

// Keys of the parameters that are models.
std::vector<std::string> model_keys(const Value& parameters, const Catalog& catalog) {
  std::vector<std::string> keys;
  const Component* component = catalog.find(Kind::kModel, parameters.at("use").text());
  const Value* params = component ? component->entry.find("params") : nullptr;
  const Value* properties = params ? params->find("properties") : nullptr;
  if (!properties) return keys;
  for (const Value::Member& property : properties->object()) {
    const Value* given = parameters.find(property.key);
    if (component_word(property.value) == kind_name(Kind::kModel) && given && given->is_object()) keys.push_back(property.key);
  }
  return keys;
}

std::shared_ptr<Model> registered_model(const Model& outer, const std::string& use, const std::string& key) {
  for (const auto& child : outer.named_children())
    if (child.key() == key)
      if (auto model = std::dynamic_pointer_cast<Model>(child.value())) return model;
  throw Error(use, "must register the model of its parameter " + key + " as the module " + key);
}

void add_held(std::vector<HeldModel>& all, const std::string& prefix, const Model& outer, const Value& parameters,
              const Catalog& catalog) {
  for (const std::string& key : model_keys(parameters, catalog)) {
    const Value& inner = parameters.at(key);
    const std::shared_ptr<Model> model = registered_model(outer, parameters.at("use").text(), key);
    all.push_back({prefix + key, model, plugin_of(model), inner});
    add_held(all, prefix + key + ".", *model, inner, catalog);
  }
}

}  // namespace

std::string HeldModel::folder(const std::string& of_run) const {
  std::string path = name;
  std::replace(path.begin(), path.end(), '.', '/');
  return of_run + "/" + path;
}

std::vector<HeldModel> held_models(const Model& model, const Value& parameters, const Catalog& catalog) {
  std::vector<HeldModel> all;
  add_held(all, "", model, parameters, catalog);
  return all;
}

Value with_saved_weights(Value parameters, const std::string& folder, const Catalog& catalog) {
  if (parameters.find("weights")) parameters.set("weights", folder + "/model.safetensors");
  for (const std::string& key : model_keys(parameters, catalog))
    parameters.set(key, with_saved_weights(parameters.at(key), folder + "/" + key, catalog));
  return parameters;
}

}  // namespace graft::core
