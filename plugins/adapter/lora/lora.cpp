#include "lora.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/linalg_svd.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/lora";

class LoraPatch final : public LowRankPatch {
 public:
  using LowRankPatch::LowRankPatch;

  void take_principal_parts() {
    at::NoGradGuard no_grad;
    const auto [u, s, vh] = at::linalg_svd(layer_.weight, /*full_matrices=*/false);
    const std::int64_t rank = a_.size(0);
    const Tensor root = s.slice(0, 0, rank).div(scale_).sqrt();
    write_parameter(a_, root.unsqueeze(1).mul(vh.slice(0, 0, rank)));
    write_parameter(b_, u.slice(1, 0, rank).mul(root));
    write_parameter(layer_.weight, layer_.weight.sub(change()));
    register_buffer("start_A", a_.detach().clone());
    register_buffer("start_B", b_.detach().clone());
  }

  Tensor after(const Tensor& y, const Tensor& x, const Call& call) const override {
    return y.add(product(x, y.scalar_type(), call), scale_);
  }

  void merge() override {
    at::NoGradGuard no_grad;
    write_parameter(layer_.weight, layer_.weight.add(change()));
  }
};

// By their names in peft, what B A became less what it was, which the weight lacks: twice the rank.
NamedTensors difference_to_start(const Model& model, const std::string& adapter) {
  PeftFormat starts = lora_format();
  starts.parts = {{"start_A", "lora_A.weight"}, {"start_B", "lora_B.weight"}};
  NamedTensors now = peft_state(lora_format(), model, adapter);
  const NamedTensors start = peft_state(starts, model, adapter);
  for (auto& [name, tensor] : now) {
    const auto same = std::find_if(start.begin(), start.end(), [&](const auto& item) { return item.first == name; });
    const bool is_a = name.ends_with("lora_A.weight");
    tensor = is_a ? at::cat({tensor, same->second}, 0) : at::cat({tensor, same->second.neg()}, 1);
  }
  return now;
}

}  // namespace

Lora::Lora(const Config& config) : LinearAdapter(kName, config), sizes_(config), is_principal_(config.text("init") == "pissa") {
  if (!config.has("from")) return;
  if (is_principal_) throw Error(kName, "from and init pissa exclude each other: both say what the small matrices start as");
  from_.emplace(config.path("from"), kName, lora_format()).require(sizes_.peft_settings(/*is_dora=*/false));
}

void Lora::attach(Model& model, Rng rng) {
  LinearAdapter::attach(model, rng);
  if (from_) from_->copy_to(model, name_);
}

void Lora::save(const Model& model, const std::string& folder) const {
  if (!is_principal_)
    return write_lora(folder, sizes_, /*is_dora=*/false, chosen_names(model), peft_state(lora_format(), model, name_));
  LowRank twice = sizes_;
  twice.rank *= 2;
  twice.alpha *= sizes_.is_stabilised ? std::sqrt(2.0) : 2.0;  // the scale stays
  write_lora(folder, twice, /*is_dora=*/false, chosen_names(model), difference_to_start(model, name_));
}

void Lora::prepare(const Model&, const Linears& layers, Rng) {
  if (!is_principal_) return;
  for (const auto& [name, layer] : layers) {
    const std::int64_t most = std::min(layer->weight.size(0), layer->weight.size(1));
    if (sizes_.rank > most)
      throw Error(kName, "rank must be <= " + std::to_string(most) + ", the smaller side of " + name + ", for init pissa, got " +
                             std::to_string(sizes_.rank));
  }
}

std::shared_ptr<nn::Patch> Lora::patch(const std::string&, nn::Linear& layer, Rng rng) {
  auto patch = std::make_shared<LoraPatch>(layer, sizes_, rng);
  if (is_principal_) patch->take_principal_parts();
  return patch;
}

}  // namespace graft::plugins
