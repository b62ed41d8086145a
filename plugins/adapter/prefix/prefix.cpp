#include "prefix.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include "../base_parameters.hpp"
#include "graft/error.hpp"
#include "graft/nn/init.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/prefix";

Tensor drawn(std::int64_t rows, std::int64_t width, Rng rng) {
  Tensor values = at::empty({rows, width}, at::kFloat);
  nn::normal_(values, 1.0, rng);
  return values;
}

struct PrefixPatch final : nn::Patch {
  PrefixPatch(std::int64_t length, std::int64_t width, Rng rng)
      : key(register_parameter("key", drawn(length, width, rng.fork("key")))),
        value(register_parameter("value", drawn(length, width, rng.fork("value")))) {}
  std::vector<Tensor> tokens(const Call&) const override { return {key, value}; }

  Tensor key, value;
};

// What the projections of all layers have in common.
struct Shared {
  Tensor tokens;
  std::shared_ptr<nn::Linear> down;
};

class ProjectedPrefix final : public nn::Patch {
 public:
  ProjectedPrefix(const Shared& shared, std::int64_t width, Rng rng)
      : tokens_(register_parameter("tokens", shared.tokens)),
        down_(register_module("down", shared.down)),
        up_(register_module("up", std::make_shared<nn::Linear>(shared.down->weight.size(0), 2 * width, rng))) {}
  std::vector<Tensor> tokens(const Call& call) const override {
    return up_->forward(down_->forward(tokens_, call).tanh(), call).chunk(2, 1);
  }

 private:
  Tensor tokens_;
  std::shared_ptr<nn::Linear> down_, up_;
};

PeftFormat format() { return {"PREFIX_TUNING", "prompt_embeddings", {}, {}, {}}; }

const nn::Patch& patch_of(const nn::SelfAttention& layer, const std::string& adapter) {
  return dynamic_cast<const nn::Patch&>(*layer.named_children()[adapter]);
}

}  // namespace

Prefix::Prefix(const Config& config) : name_(config.name()), length_(config.integer("length")) {
  if (config.has("projection")) hidden_ = config.integer("projection");
  if (!config.has("from")) return;
  if (hidden_) throw Error(kName, "from and projection exclude each other: the folder holds keys and values, no projection");
  from_.emplace(config.path("from"), kName, format()).require({{"num_virtual_tokens", length_, {}}});
}

Prefix::Attentions Prefix::layers_in(const Model& model) const {
  const Attentions layers = layers_of<nn::SelfAttention>(model);
  if (layers.empty())
    throw Error(kName, "needs a model with attention slots (nn::SelfAttention), as graft/bert; this one has none");
  for (const auto& [name, layer] : layers)
    if (layer->width() != layers.front().second->width())
      throw Error(kName, "needs attention of one width, " + layers.front().first + " has " +
                             std::to_string(layers.front().second->width()) + " and " + name + " " +
                             std::to_string(layer->width()));
  return layers;
}

void Prefix::attach(Model& model, Rng rng) {
  const Attentions layers = layers_in(model);
  const std::int64_t width = layers.front().second->width();
  Shared shared;
  if (hidden_)
    shared = {drawn(length_, width, rng.fork("tokens")), std::make_shared<nn::Linear>(width, *hidden_, rng.fork("down"))};
  freeze(model);
  for (const auto& [name, layer] : layers) {
    std::shared_ptr<nn::Patch> patch;
    if (hidden_)
      patch = std::make_shared<ProjectedPrefix>(shared, width, rng.fork(name));
    else
      patch = std::make_shared<PrefixPatch>(length_, width, rng.fork(name));
    layer->attach(name_, patch);
  }
  if (from_) take_over(layers);
}

// peft's rows are a virtual token each: the first layer's key and value, the second's, ...
void Prefix::take_over(const Attentions& layers) const {
  at::NoGradGuard no_grad;
  const std::int64_t width = layers.front().second->width(), parts = 2 * static_cast<std::int64_t>(layers.size());
  const Tensor all = from_->tensor("prompt_embeddings", {length_, parts * width});
  for (std::int64_t part = 0; part < parts; ++part) {
    const nn::SelfAttention& layer = *layers[static_cast<std::size_t>(part / 2)].second;
    Tensor target = patch_of(layer, name_).tokens(Call()).at(static_cast<std::size_t>(part % 2));
    write_parameter(target, all.narrow(1, part * width, width));
  }
}

void Prefix::save(const Model& model, const std::string& folder) const {
  at::NoGradGuard no_grad;
  const Attentions layers = layers_in(model);
  std::vector<Tensor> columns;
  for (const auto& [name, layer] : layers)
    for (const Tensor& tokens : patch_of(*layer, name_).tokens(Call())) columns.push_back(tokens);
  const nn::SelfAttention& first = *layers.front().second;
  write_peft(folder, "PREFIX_TUNING",
             {{"task_type", "FEATURE_EXTRACTION", {}},
              {"num_virtual_tokens", length_, {}},
              {"token_dim", first.width(), {}},
              {"num_attention_heads", first.heads(), {}},
              {"num_layers", static_cast<std::int64_t>(layers.size()), {}},
              {"num_transformer_submodules", 1, {}},
              {"encoder_hidden_size", first.width(), {}},
              {"prefix_projection", false, {}}},
             {{"prompt_embeddings", at::cat(columns, 1)}});
}

}  // namespace graft::plugins
