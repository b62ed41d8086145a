// Prefix: prefix tuning. Every attention layer gets `length` keys and values of its own, which every token of every row attends
// to; they alone train.
//
//   key, value  [P, D] normal with deviation 1; names <attention>.<adapter>.key and .value
//   projection  the paper's reparametrisation: (key, value) = up(tanh(down(tokens))), with tokens [P, D] and down [hidden, D]
//               shared by all layers and up [2 D, hidden] of each; names <attention>.<adapter>.tokens, .down.*, .up.*
//   start       not the base: a softmax over more keys is another one, whatever they are
//   positions   of a BERT's tokens count from P, as transformers counts behind past keys; rows have P tokens less room
//   from        a folder that peft wrote as PREFIX_TUNING, which holds keys and values: without projection only
//   save        a folder that peft reads as PREFIX_TUNING; of a projection what it comes to
//   freezes     as lora
//   merge       none: keys are no weights, so the saved model keeps them
//   errors      Error("graft/prefix") for a model without nn::SelfAttention, or with layers of several widths
//   source      Li and Liang 2021, arXiv:2101.00190; in every layer of an encoder: Liu et al. 2021, arXiv:2110.07602; names and
//               start as in peft
//   differs     pooling is as without it, since no token is added; the projection's first weights are torch.nn.Linear's
#pragma once

#include <optional>

#include "../peft_folder.hpp"
#include "../targets.hpp"
#include "graft/adapter.hpp"
#include "graft/config.hpp"
#include "graft/nn/self_attention.hpp"

namespace graft::plugins {

class Prefix final : public Adapter {
 public:
  explicit Prefix(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  using Attentions = Layers<nn::SelfAttention>;

  Attentions layers_in(const Model& model) const;
  void take_over(const Attentions& layers) const;

  std::string name_;  // of the set of patches
  std::int64_t length_;
  std::optional<std::int64_t> hidden_;  // width of the projection
  std::optional<PeftFolder> from_;
};

}  // namespace graft::plugins
