#include "dora.hpp"

#include <ATen/ops/linalg_vector_norm.h>

#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/dora";
constexpr double kShortest = 1e-30;  // a row of zeros keeps its direction, none, rather than become NaN

class DoraPatch final : public LowRankPatch {
 public:
  DoraPatch(nn::Linear& layer, const LowRank& sizes, Rng rng) : LowRankPatch(layer, sizes, rng) {
    magnitude_ = register_parameter("magnitude", lengths());
  }

  Tensor after(const Tensor& y, const Tensor& x, const Call& call) const override {
    const auto as_y = [&](const Tensor& tensor) { return tensor.to(y.scalar_type()); };
    const Tensor stretch = magnitude_.div(lengths());  // near 1: its difference to 1 is taken before bfloat16 rounds it off
    const Tensor turned = product(x, y.scalar_type(), call).mul(as_y(stretch.mul(scale_)));
    const Tensor straight = layer_.bias.defined() ? y.sub(as_y(layer_.bias)) : y;
    return y.add(straight.mul(as_y(stretch.sub(1)))).add(turned);
  }

  void merge() override {
    at::NoGradGuard no_grad;
    const Tensor stretch = magnitude_.div(lengths()).unsqueeze(1);
    write_parameter(layer_.weight, layer_.weight.add(change()).mul(stretch));
  }

 private:
  Tensor lengths() const {  // |W + scale B A|, [out]
    at::NoGradGuard no_grad;
    return at::linalg_vector_norm(layer_.weight.add(change()), 2, at::IntArrayRef{1}).clamp_min(kShortest);
  }

  Tensor magnitude_;
};

}  // namespace

Dora::Dora(const Config& config) : LinearAdapter(kName, config), sizes_(config) {
  if (config.has("from"))
    from_.emplace(config.path("from"), kName, lora_format()).require(sizes_.peft_settings(/*is_dora=*/true));
}

void Dora::attach(Model& model, Rng rng) {
  LinearAdapter::attach(model, rng);
  if (from_) from_->copy_to(model, name_);
}

void Dora::save(const Model& model, const std::string& folder) const {
  write_lora(folder, sizes_, /*is_dora=*/true, chosen_names(model), peft_state(lora_format(), model, name_));
}

void Dora::prepare(const Model&, const Linears& layers, Rng) {
  for (const auto& [name, layer] : layers) require_unpatched(*layer, name, kName);
}

std::shared_ptr<nn::Patch> Dora::patch(const std::string&, nn::Linear& layer, Rng rng) {
  return std::make_shared<DoraPatch>(layer, sizes_, rng);
}

}  // namespace graft::plugins
