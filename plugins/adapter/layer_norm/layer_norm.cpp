#include "layer_norm.hpp"

#include "../base_parameters.hpp"
#include "../peft_format.hpp"
#include "graft/nn/layer_norm.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/layer_norm";

}  // namespace

LayerNormTuning::LayerNormTuning(const Config& config)
    : name_(config.name()), targets_{kName, "layers", "LayerNorm", config.texts("layers")} {}

void LayerNormTuning::attach(Model& model, Rng) {
  std::vector<Tensor> trained;
  for (const auto& [name, norm] : targets_.choose(layers_of<nn::LayerNorm>(model)))
    trained.insert(trained.end(), {norm->weight, norm->bias});
  train_alone(model, name_, std::move(trained), kName);
}

void LayerNormTuning::save(const Model& model, const std::string& folder) const {
  Value::List names;
  NamedTensors state;
  for (const auto& [name, norm] : targets_.choose(layers_of<nn::LayerNorm>(model))) {
    names.emplace_back(name);
    const std::string theirs = "base_model.model." + name + ".ln_tuning_layers.";
    state.emplace_back(theirs + "weight", norm->weight.detach());
    state.emplace_back(theirs + "bias", norm->bias.detach());
  }
  write_peft(folder, "LN_TUNING", {{"target_modules", std::move(names), {}}}, state);
}

void LayerNormTuning::merge(Model& model) { forget(model, name_); }

}  // namespace graft::plugins
