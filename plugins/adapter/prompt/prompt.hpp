// Prompt: prompt tuning. Every row gets `length` virtual tokens before its own; their embeddings alone train.
//
//   tokens    [P, D]; name <embedding>.<adapter>.tokens
//   init      vocabulary: embeddings of tokens drawn at random, as the paper advises; random: normal with deviation 1
//   start     not the base: rows are longer
//   the row   is P tokens longer for all that follows: positions count from the first virtual token, every token sees them, and
//             the model pools over them: of a BERT "cls" and "pooler" read the first virtual token and "mean" averages them too.
//             The column "tokens" is without them
//   from      a folder that peft wrote as PROMPT_TUNING
//   save      a folder that peft reads as PROMPT_TUNING
//   freezes   as lora
//   merge     none: the saved model keeps them
//   errors    Error("graft/prompt") for a model without one nn::TokenEmbedding
//   source    Lester et al. 2021, arXiv:2104.08691; pooling as peft on transformers (pooler, cls) and sentence-transformers on
//             peft (mean) have it
//   differs   peft starts at random by default, and leaves the virtual tokens in the last hidden states
#pragma once

#include <optional>

#include "../peft_folder.hpp"
#include "graft/adapter.hpp"
#include "graft/config.hpp"
#include "graft/nn/token_embedding.hpp"

namespace graft::plugins {

class Prompt final : public Adapter {
 public:
  explicit Prompt(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  Tensor start(const nn::TokenEmbedding& words, Rng rng) const;

  std::string name_;  // of the set of patches
  std::int64_t length_;
  bool is_of_vocabulary_;
  std::optional<PeftFolder> from_;
};

}  // namespace graft::plugins
