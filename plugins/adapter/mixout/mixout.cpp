#include "mixout.hpp"

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/mixout";

class MixoutPatch final : public nn::Patch {
 public:
  MixoutPatch(const Tensor& weight, double probability)
      : pretrained_(register_buffer("pretrained", weight.detach().clone())), probability_(probability) {}

  Tensor weight(const Tensor& weight, const Call& call) const override {
    if (!call.training()) return weight;
    return nn::dropout(weight.sub(pretrained_), probability_, call).add(pretrained_);
  }
  void merge() override {}

 private:
  Tensor pretrained_;
  double probability_;
};

}  // namespace

Mixout::Mixout(const Config& config)
    : name_(config.name()),
      probability_(config.number("probability")),
      targets_{kName, "layers", "linear layer", config.texts("layers")} {}

void Mixout::attach(Model& model, Rng) {
  const Linears layers = targets_.choose(layers_of<nn::Linear>(model));
  for (const auto& [name, layer] : layers)
    if (!layer->weight.requires_grad())
      throw Error(kName, name + " does not train, as an earlier adapter has it: mixout is for full fine-tuning");
  for (const auto& [name, layer] : layers) layer->attach(name_, std::make_shared<MixoutPatch>(layer->weight, probability_));
}

void Mixout::merge(Model& model) {
  for (const auto& [name, layer] : layers_of<nn::Linear>(model)) layer->merge(name_);
}

}  // namespace graft::plugins
