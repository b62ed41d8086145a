#include "prompt.hpp"

#include <ATen/ops/empty.h>

#include "../base_parameters.hpp"
#include "../targets.hpp"
#include "graft/error.hpp"
#include "graft/nn/init.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/prompt";
constexpr const char* kTensor = "prompt_embeddings";

struct PromptPatch final : nn::Patch {
  explicit PromptPatch(const Tensor& start) : virtual_tokens(register_parameter("tokens", start)) {}
  std::vector<Tensor> tokens(const Call&) const override { return {virtual_tokens}; }

  Tensor virtual_tokens;  // [P, D]
};

std::shared_ptr<nn::TokenEmbedding> words_of(const Model& model) {
  const auto found = layers_of<nn::TokenEmbedding>(model);
  if (found.size() == 1) return found.front().second;
  throw Error(kName, "needs a model with one embedding of tokens (nn::TokenEmbedding), as graft/bert; this one has " +
                         std::to_string(found.size()));
}

}  // namespace

Prompt::Prompt(const Config& config)
    : name_(config.name()), length_(config.integer("length")), is_of_vocabulary_(config.text("init") == "vocabulary") {
  if (!config.has("from")) return;
  from_.emplace(config.path("from"), kName, PeftFormat{"PROMPT_TUNING", kTensor, {}, {}, {}})
      .require({{"num_virtual_tokens", length_, {}}});
}

Tensor Prompt::start(const nn::TokenEmbedding& words, Rng rng) const {
  const std::int64_t vocabulary = words.weight.size(0), width = words.weight.size(1);
  if (from_) return from_->tensor(kTensor, {length_, width}).clone();
  Tensor tokens = at::empty({length_, width}, words.weight.options().requires_grad(false));
  if (!is_of_vocabulary_) {
    nn::normal_(tokens, 1.0, rng);
    return tokens;
  }
  for (std::int64_t i = 0; i < length_; ++i) tokens.select(0, i).copy_(words.weight.detach().select(0, rng.below(vocabulary)));
  return tokens;
}

void Prompt::attach(Model& model, Rng rng) {
  const auto words = words_of(model);
  freeze(model);
  words->attach(name_, std::make_shared<PromptPatch>(start(*words, rng)));
}

void Prompt::save(const Model& model, const std::string& folder) const {
  const auto words = words_of(model);
  const auto& patch = dynamic_cast<const PromptPatch&>(*words->named_children()[name_]);
  write_peft(folder, "PROMPT_TUNING",
             {{"task_type", "FEATURE_EXTRACTION", {}},
              {"num_virtual_tokens", length_, {}},
              {"token_dim", words->weight.size(1), {}},
              {"num_transformer_submodules", 1, {}},
              {"prompt_tuning_init", "RANDOM", {}}},
             {{kTensor, patch.virtual_tokens.detach()}});
}

}  // namespace graft::plugins
