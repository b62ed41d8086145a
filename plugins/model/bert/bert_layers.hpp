// The parts of a BERT, registered under the names that `transformers` gives them.
//
//   B rows   N tokens in a packed batch   D width   H heads
#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "bert_sizes.hpp"
#include "graft/call.hpp"
#include "graft/columns.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/nn/self_attention.hpp"
#include "graft/nn/token_embedding.hpp"

namespace graft::plugins {

// Where the tokens of a batch stand, those of a prompt among them.
struct BertPlaces {
  Tensor offsets;    // [B + 1] int32
  Tensor first;      // [B] int64: the first token of each row
  Tensor positions;  // [N] int64: of a token in its row, behind a prefix
  std::int64_t longest;
};

// Word + position + type 0, then LayerNorm and dropout. Weights start normal with `deviation`, biases 0, as in `transformers`.
class BertEmbeddings : public torch::nn::Module {
 public:
  BertEmbeddings(const BertSizes& sizes, double deviation, Rng rng);
  Ragged words(const Ragged& ids, const Call& call) const;  // [N] -> [N, D], with a prompt's tokens before each row
  Tensor forward(const Tensor& words, const BertPlaces& places, const Call& call) const;  // [N, D]
  std::int64_t prompt(const Call& call) const { return word_->virtual_tokens(call); }     // tokens before each row

 private:
  std::shared_ptr<nn::TokenEmbedding> word_;
  std::shared_ptr<nn::Embedding> position_, type_;
  std::shared_ptr<nn::LayerNorm> norm_;
  double dropout_;
};

// Self-attention and feed-forward, each followed by dropout, residual and LayerNorm.
class BertLayer : public torch::nn::Module {
 public:
  BertLayer(const BertSizes& sizes, double deviation, Rng rng);

  // [N, D] -> [N, D], or -> [B, D] when only the first tokens are wanted: all that is not needed for them is left out.
  Tensor forward(const Tensor& x, const BertPlaces& places, bool first_only, const Call& call) const;
  std::int64_t prefix(const Call& call) const { return attention_->virtual_tokens(call); }  // keys before those of each row

 private:
  Tensor attend(const Tensor& asking, const Tensor& x, const BertPlaces& places, const Call& call) const;

  std::shared_ptr<nn::Linear> query_, key_, value_, attention_output_, intermediate_, output_;
  std::shared_ptr<nn::SelfAttention> attention_;
  std::shared_ptr<nn::LayerNorm> attention_norm_, output_norm_;
  double dropout_;
};

}  // namespace graft::plugins
