#include "ia3.hpp"

#include <ATen/ops/ones.h>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/ia3";

class OutputScale final : public nn::Patch {
 public:
  explicit OutputScale(nn::Linear& layer) : layer_(layer) {
    l_ = register_parameter("l", at::ones({layer.weight.size(0)}, layer.weight.options()));
  }
  Tensor after(const Tensor& y, const Tensor&, const Call&) const override { return y.mul(l_.to(y.scalar_type())); }
  void merge() override {
    at::NoGradGuard no_grad;
    write_parameter(layer_.weight, layer_.weight.mul(l_.unsqueeze(1)));
    if (layer_.bias.defined()) write_parameter(layer_.bias, layer_.bias.mul(l_));
  }

 private:
  nn::Linear& layer_;  // which owns this patch
  Tensor l_;
};

class InputScale final : public nn::Patch {
 public:
  explicit InputScale(nn::Linear& layer) : layer_(layer) {
    l_ = register_parameter("l", at::ones({layer.weight.size(1)}, layer.weight.options()));
  }
  Tensor before(const Tensor& x, const Call&) const override { return x.mul(l_.to(x.scalar_type())); }
  void merge() override {
    at::NoGradGuard no_grad;
    write_parameter(layer_.weight, layer_.weight.mul(l_));
  }

 private:
  nn::Linear& layer_;  // which owns this patch
  Tensor l_;
};

}  // namespace

Ia3::Ia3(const Config& config)
    : LinearAdapter(kName, config), feedforward_{kName, "feedforward", "linear layer", config.texts("feedforward")} {
  if (targets_.ends.empty() && feedforward_.ends.empty()) throw Error(kName, "layers and feedforward must not both be empty");
  if (config.has("from")) from_.emplace(config.path("from"), kName, format());
}

// peft keeps l as a row where it scales the input, else as a column.
PeftFormat Ia3::format() const {
  return {"IA3", ".ia3_", {{"l", "ia3_l"}}, {}, [this](const std::string& layer, const Tensor& l) {
            const bool is_row = scaled_before_.contains(layer);
            return std::vector<std::int64_t>{is_row ? 1 : l.numel(), is_row ? l.numel() : 1};
          }};
}

void Ia3::attach(Model& model, Rng rng) {
  LinearAdapter::attach(model, rng);
  if (from_) from_->copy_to(model, name_);
}

void Ia3::save(const Model& model, const std::string& folder) const {
  Value::List feedforward;
  for (const std::string& name : scaled_before_) feedforward.emplace_back(name);
  write_peft(folder, "IA3",
             {{"target_modules", chosen_names(model), {}},
              {"feedforward_modules", std::move(feedforward), {}},
              {"fan_in_fan_out", false, {}},
              {"init_ia3_weights", true, {}}},
             peft_state(format(), model, name_));
}

Linears Ia3::chosen(const Model& model) const {
  const Linears all = layers_of<nn::Linear>(model);
  std::set<std::string> names;
  for (const Targets& targets : {targets_, feedforward_})
    if (!targets.ends.empty())
      for (const auto& [name, layer] : targets.choose(all)) names.insert(name);
  Linears layers;
  for (const auto& item : all)
    if (names.contains(item.first)) layers.push_back(item);
  return layers;
}

void Ia3::prepare(const Model& model, const Linears&, Rng) {
  if (feedforward_.ends.empty()) return;
  for (const auto& [name, layer] : feedforward_.choose(layers_of<nn::Linear>(model))) {
    require_unpatched(*layer, name, kName);
    scaled_before_.insert(name);
  }
}

std::shared_ptr<nn::Patch> Ia3::patch(const std::string& name, nn::Linear& layer, Rng) {
  if (scaled_before_.contains(name)) return std::make_shared<InputScale>(layer);
  return std::make_shared<OutputScale>(layer);
}

}  // namespace graft::plugins
