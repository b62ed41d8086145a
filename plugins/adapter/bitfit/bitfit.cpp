#include "bitfit.hpp"

#include "../base_parameters.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/bitfit";

Layers<torch::nn::Module> layers_with_bias(const Model& model) {
  Layers<torch::nn::Module> layers;
  for (const auto& [name, module] : base_modules(model))
    if (module->named_parameters(/*recurse=*/false).contains("bias")) layers.emplace_back(name, module);
  return layers;
}

}  // namespace

Bitfit::Bitfit(const Config& config)
    : name_(config.name()), targets_{kName, "layers", "layer with a bias", config.texts("layers")} {}

void Bitfit::attach(Model& model, Rng) {
  std::vector<Tensor> biases;
  for (const auto& [name, layer] : targets_.choose(layers_with_bias(model)))
    biases.push_back(layer->named_parameters(/*recurse=*/false)["bias"]);
  train_alone(model, name_, std::move(biases), kName);
}

void Bitfit::merge(Model& model) { forget(model, name_); }

}  // namespace graft::plugins
