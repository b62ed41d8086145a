// Targets: which layers of a model an adapter changes, by the ends of their names.
//
//   end      "query" or "attention.output.dense": whole parts of a dotted name, counted from its last; "*" is every name
//   "!end"   takes out what earlier ends took in
//   order    of the result: the model's
//   errors   Error(where) when an end is that of no layer (with the nearest end there is, and the last parts of all names), or
//            when nothing is left
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace graft::plugins {

template <class Layer>
using Layers = std::vector<std::pair<std::string, std::shared_ptr<Layer>>>;

// All modules of a model by name but itself and patches, which belong to adapters.
Layers<torch::nn::Module> base_modules(const torch::nn::Module& model);

struct Targets {
  std::string where;  // "graft/lora"
  std::string key;    // the parameter that `ends` were written under
  std::string what;   // what a layer is called in messages: "linear layer"
  std::vector<std::string> ends;

  std::vector<bool> choose(const std::vector<std::string>& names) const;  // an entry a name

  template <class Layer>
  Layers<Layer> choose(const Layers<Layer>& layers) const {
    std::vector<std::string> names;
    for (const auto& [name, layer] : layers) names.push_back(name);
    const std::vector<bool> is_chosen = choose(names);
    Layers<Layer> chosen;
    for (std::size_t i = 0; i < layers.size(); ++i)
      if (is_chosen[i]) chosen.push_back(layers[i]);
    return chosen;
  }
};

// Those of base_modules() that are a Layer.
template <class Layer>
Layers<Layer> layers_of(const torch::nn::Module& model) {
  Layers<Layer> layers;
  for (const auto& [name, module] : base_modules(model))
    if (auto layer = std::dynamic_pointer_cast<Layer>(module)) layers.emplace_back(name, std::move(layer));
  return layers;
}

}  // namespace graft::plugins
