// Widget: trains a scale and a shift of what chosen linear layers give, and nothing else of the model (SSF).
//
//   formula  y = scale * (W x + b) + shift, each [out]; a layer without a bias has no shift
//   start    scale 1, shift 0: the base model exactly
//   names    <layer>.<adapter>.scale, <layer>.<adapter>.shift
//   freezes  every other parameter of the model
//   merge    W = scale * W by rows, b = scale * b + shift
//   errors   Error("acme/widget") when an end in `layers` is that of no linear layer
//   source   Lian et al. 2022, arXiv:2210.08823
//   differs  the paper also scales and shifts what normalisations and patch embeddings give
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>
#include <graft/adapter.hpp>
#include <graft/config.hpp>
#include <graft/error.hpp>
#include <graft/model.hpp>
#include <graft/nn/linear.hpp>
#include <graft/plugin.hpp>
#include <graft/weights.hpp>

#include <algorithm>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

// What hangs on one layer. Its parameters are registered, so the host trains and saves them.
class ScaleShift final : public graft::nn::Patch {
 public:
  explicit ScaleShift(graft::nn::Linear& layer) : layer_(layer) {
    scale_ = register_parameter("scale", at::ones({layer.weight.size(0)}, layer.weight.options().requires_grad(false)));
    if (layer.bias.defined()) shift_ = register_parameter("shift", at::zeros_like(layer.bias));
  }

  // A patch may also change what a layer is given (before) or its weight (weight). Parameters stay float in any precision.
  graft::Tensor after(const graft::Tensor& y, const graft::Tensor&, const graft::Call&) const override {
    const graft::Tensor scaled = y.mul(scale_.to(y.scalar_type()));
    return shift_.defined() ? scaled.add(shift_.to(y.scalar_type())) : scaled;
  }

  void merge() override {
    at::NoGradGuard no_grad;
    graft::write_parameter(layer_.weight, layer_.weight.mul(scale_.unsqueeze(1)));
    if (shift_.defined()) graft::write_parameter(layer_.bias, layer_.bias.mul(scale_).add(shift_));
  }

 private:
  graft::nn::Linear& layer_;  // which owns this patch
  graft::Tensor scale_, shift_;
};

using Layers = std::vector<std::pair<std::string, std::shared_ptr<graft::nn::Linear>>>;

// All linear layers below a module by name, but not those inside patches, which belong to other adapters.
void add_layers(const torch::nn::Module& module, const std::string& prefix, Layers& layers) {
  for (const auto& child : module.named_children()) {
    if (std::dynamic_pointer_cast<graft::nn::Patch>(child.value())) continue;
    if (auto layer = std::dynamic_pointer_cast<graft::nn::Linear>(child.value()))
      layers.emplace_back(prefix + child.key(), layer);
    add_layers(*child.value(), prefix + child.key() + ".", layers);
  }
}

class Widget final : public graft::Adapter {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. The entry's name is that of the patch set.
  explicit Widget(const graft::Config& config) : name_(config.name()), ends_(config.texts("layers")) {}

  // Once, after the model has its weights and before the optimizer exists.
  void attach(graft::Model& model, graft::Rng) override {
    const Layers layers = chosen(model);
    graft::nn::freeze_base(model);
    for (const auto& [name, layer] : layers) layer->attach(name_, std::make_shared<ScaleShift>(*layer));
  }

  // Folded into the model's own weights when the run ends: the result must be the same, and the model is as big as before.
  bool can_merge() const override { return true; }
  void merge(graft::Model& model) override {
    for (const auto& [name, layer] : chosen(model)) layer->merge(name_);
  }

 private:
  Layers chosen(const graft::Model& model) const {
    Layers all, layers;
    add_layers(model, "", all);
    std::vector<std::string> names;
    for (const auto& [name, layer] : all) names.push_back(name);
    for (const std::string& end : ends_)
      if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return ends_in(name, end); }))
        refuse(end, names);
    for (const auto& item : all)
      if (std::any_of(ends_.begin(), ends_.end(), [&](const std::string& end) { return ends_in(item.first, end); }))
        layers.push_back(item);
    return layers;
  }

  static bool ends_in(const std::string& name, const std::string& end) {
    return end == "*" || name == end || name.ends_with("." + end);
  }

  [[noreturn]] static void refuse(const std::string& end, const std::vector<std::string>& names) {
    const std::string close = graft::nearest(end, names);
    throw graft::Error(kName, "layers: no linear layer of this model has a name that ends in " + end +
                                  (close.empty() ? "" : ", did you mean " + close + "?"));
  }

  std::string name_;
  std::vector<std::string> ends_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
