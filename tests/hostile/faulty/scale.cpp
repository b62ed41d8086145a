#include "scale.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include "fault.hpp"
#include "graft/error.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

namespace faulty {
namespace {

using namespace graft;

class ScalePatch final : public nn::Patch {
 public:
  ScalePatch(nn::Linear& layer, Rng rng) : layer_(layer) {
    factor_ = register_parameter("factor", at::full({layer.weight.size(0)}, has("another start") ? 1.1 : 1.0));
    if (has("nothing trains")) factor_.set_requires_grad(false);
    if (has("state outside")) noise_ = rng.uniform_like(factor_.detach());
  }
  Tensor after(const Tensor& y, const Tensor&, const Call&) const override {
    const Tensor factor = has("parameter without gradient") ? factor_.detach() : factor_;
    return noise_.defined() ? y.mul(factor).add(noise_.mul(factor.sub(1))) : y.mul(factor);
  }
  void merge() override {
    const at::NoGradGuard no_grad;
    if (has("merge that forgets")) return;
    write_parameter(layer_.weight, layer_.weight.mul(factor_.unsqueeze(1)));
    const Tensor bias = layer_.bias.mul(factor_);
    write_parameter(layer_.bias, noise_.defined() ? bias.add(noise_.mul(factor_.sub(1))) : bias);
  }

 private:
  nn::Linear& layer_;
  Tensor factor_, noise_;
};

std::vector<std::shared_ptr<nn::Linear>> layers_of(const Model& model) {
  std::vector<std::shared_ptr<nn::Linear>> layers;
  for (const auto& module : model.modules(/*include_self=*/false))
    if (auto layer = std::dynamic_pointer_cast<nn::Linear>(module)) layers.push_back(layer);
  return layers;
}

}  // namespace

void Scale::attach(Model& model, Rng rng) {
  const auto layers = layers_of(model);
  if (layers.empty() && !has("foreign model taken")) throw Error("acme/scale", "the model has no linear layer");
  nn::freeze_base(model);
  for (const auto& layer : layers) layer->attach(name_, std::make_shared<ScalePatch>(*layer, rng));
  if (has("parameter without gradient") && !layers.empty()) layers.front()->bias.set_requires_grad(true);
}

void Scale::merge(Model& model) {
  for (const auto& layer : layers_of(model)) layer->merge(name_);
}

}  // namespace faulty
