#include "reinit.hpp"

#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>

#include "../targets.hpp"
#include "graft/error.hpp"
#include "graft/model.hpp"
#include "graft/nn/embedding.hpp"
#include "graft/nn/init.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/reinit";

using Modules = Layers<torch::nn::Module>;

std::vector<std::string> last_stages(const Model& model, std::int64_t count) {
  const std::vector<std::string> all = model.stages();
  if (count <= static_cast<std::int64_t>(all.size())) return {all.end() - count, all.end()};
  std::string names;
  for (const std::string& stage : all) names += (names.empty() ? "" : ", ") + stage;
  throw Error(kName, "stages must be <= " + std::to_string(all.size()) + ", the stages of this model (" + names + "), got " +
                         std::to_string(count));
}

bool is_in(const std::string& name, const std::vector<std::string>& stages) {
  return std::any_of(stages.begin(), stages.end(),
                     [&](const std::string& stage) { return stage.empty() || name == stage || name.starts_with(stage + "."); });
}

bool is_known(const torch::nn::Module& module) {
  return dynamic_cast<const nn::Linear*>(&module) || dynamic_cast<const nn::Embedding*>(&module) ||
         dynamic_cast<const nn::LayerNorm*>(&module);
}

// The layers of these stages that have parameters; throws for one that cannot be drawn anew.
Modules layers_in(const Model& model, const std::vector<std::string>& stages) {
  for (const auto& own : model.named_parameters(/*recurse=*/false))
    if (is_in(own.key(), stages)) throw Error(kName, own.key() + " is of no layer that it knows how to draw");
  Modules layers;
  for (const auto& [name, module] : base_modules(model)) {
    const auto own = module->named_parameters(/*recurse=*/false);
    if (own.is_empty() || !is_in(name, stages)) continue;
    if (!is_known(*module)) throw Error(kName, name + "." + own.front().key() + " is of no layer that it knows how to draw");
    for (const auto& child : module->named_children())
      if (std::dynamic_pointer_cast<nn::Patch>(child.value()))
        throw Error(kName, name + " has a patch of " + child.key() + " already: in adapters, put this one before it");
    layers.emplace_back(name, module);
  }
  return layers;
}

void draw(torch::nn::Module& module, double deviation, Rng rng) {
  const bool is_norm = dynamic_cast<const nn::LayerNorm*>(&module);
  for (auto& item : module.named_parameters(/*recurse=*/false)) {
    Tensor& parameter = item.value();
    if (item.key() == "bias")
      write_parameter(parameter, at::zeros_like(parameter));
    else if (is_norm)
      write_parameter(parameter, at::ones_like(parameter));
    else
      nn::normal_(parameter, deviation, rng);
  }
}

}  // namespace

Reinit::Reinit(const Config& config) : stages_(config.integer("stages")), deviation_(config.number("deviation")) {}

void Reinit::attach(Model& model, Rng rng) {
  at::NoGradGuard no_grad;
  const std::vector<std::string> stages = last_stages(model, stages_);
  for (const auto& [name, layer] : layers_in(model, stages)) draw(*layer, deviation_, rng.fork(name));
  for (const std::string& stage : stages) log(kName, "drew anew: " + (stage.empty() ? "the whole model" : stage));
}

}  // namespace graft::plugins
