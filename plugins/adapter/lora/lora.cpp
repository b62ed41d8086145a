#include "lora.hpp"

#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/init.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/lora";

class LoraPatch final : public nn::Patch {
 public:
  LoraPatch(nn::Linear& layer, std::int64_t rank, double scale, double dropout, Rng rng)
      : layer_(layer), scale_(scale), dropout_(dropout) {
    const std::int64_t out = layer.weight.size(0), in = layer.weight.size(1);
    Tensor a = at::empty({rank, in}, at::kFloat);
    nn::uniform_(a, 1.0 / std::sqrt(static_cast<double>(in)), rng);
    a_ = register_parameter("A", a.to(layer.weight.options()));
    b_ = register_parameter("B", at::zeros({out, rank}, layer.weight.options()));
  }

  Tensor after(const Tensor& y, const Tensor& x, const Call& call) const override {
    const auto as_y = [&](const Tensor& tensor) { return tensor.to(y.scalar_type()); };
    const Tensor narrow = at::linear(nn::dropout(as_y(x), dropout_, call), as_y(a_));
    return y.add(at::linear(narrow, as_y(b_)), scale_);
  }

  void merge() override {
    at::NoGradGuard no_grad;
    write_parameter(layer_.weight, layer_.weight.add(at::matmul(b_, a_), scale_));
  }

 private:
  nn::Linear& layer_;  // which owns this patch
  double scale_, dropout_;
  Tensor a_, b_;
};

bool ends_in(const std::string& name, const std::string& end) {
  if (name.size() <= end.size()) return name == end;
  return name.ends_with(end) && name[name.size() - end.size() - 1] == '.';
}

std::string last_part(const std::string& name) { return name.substr(name.find_last_of('.') + 1); }

}  // namespace

Lora::Lora(const Config& config)
    : name_(config.name()), rank_(config.integer("rank")), dropout_(config.number("dropout")), ends_(config.texts("layers")) {
  const double rank = static_cast<double>(rank_);
  scale_ = config.number("alpha") / (config.flag("rank_stabilised") ? std::sqrt(rank) : rank);
}

Lora::Layers Lora::chosen(Model& model) const {
  Layers layers;
  std::set<std::string> ends;
  for (const auto& item : model.named_modules("", /*include_self=*/false)) {
    const auto linear = std::dynamic_pointer_cast<nn::Linear>(item.value());
    if (!linear) continue;
    ends.insert(last_part(item.key()));
    if (std::any_of(ends_.begin(), ends_.end(), [&](const std::string& end) { return ends_in(item.key(), end); }))
      layers.emplace_back(item.key(), linear);
  }
  if (!layers.empty()) return layers;
  std::string found;
  for (const std::string& end : ends) found += (found.empty() ? "" : ", ") + end;
  throw Error(kName, "layers: no linear layer of this model has a name that ends in " + ends_.front() +
                         (ends_.size() > 1 ? " or another of them" : "") +
                         (found.empty() ? "; it has no linear layers" : "; its linear layers end in " + found));
}

void Lora::attach(Model& model, Rng rng) {
  const Layers layers = chosen(model);
  nn::freeze_base(model);
  for (const auto& [name, layer] : layers)
    layer->attach(name_, std::make_shared<LoraPatch>(*layer, rank_, scale_, dropout_, rng.fork(name)));
}

void Lora::merge(Model& model) {
  for (const auto& [name, layer] : chosen(model)) layer->merge(name_);
}

}  // namespace graft::plugins
