// The parts of a BERT, registered under the names that `transformers` gives them.
//
//   B rows   N tokens in a packed batch   D width   H heads
#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "bert_sizes.hpp"
#include "graft/call.hpp"
#include "graft/columns.hpp"
#include "graft/nn/embedding.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

// Where the tokens of a batch stand.
struct BertPlaces {
  Tensor offsets;    // [B + 1] int32
  Tensor first;      // [B] int64: the first token of each row
  Tensor positions;  // [N] int64: of a token in its row
  std::int64_t longest;
};

// Word + position + type 0, then LayerNorm and dropout. Weights start normal with `deviation`, biases 0, as in `transformers`.
class BertEmbeddings : public torch::nn::Module {
 public:
  BertEmbeddings(const BertSizes& sizes, double deviation, Rng rng);
  Tensor forward(const Tensor& ids, const BertPlaces& places, const Call& call) const;  // [N] -> [N, D]

 private:
  std::shared_ptr<nn::Embedding> word_, position_, type_;
  std::shared_ptr<nn::LayerNorm> norm_;
  double dropout_;
};

// Self-attention and feed-forward, each followed by dropout, residual and LayerNorm.
class BertLayer : public torch::nn::Module {
 public:
  BertLayer(const BertSizes& sizes, double deviation, Rng rng);

  // [N, D] -> [N, D], or -> [B, D] when only the first tokens are wanted: all that is not needed for them is left out.
  Tensor forward(const Tensor& x, const BertPlaces& places, bool first_only, const Call& call) const;

 private:
  Tensor attend(const Tensor& asking, const Tensor& x, const BertPlaces& places, const Call& call) const;

  std::shared_ptr<nn::Linear> query_, key_, value_, attention_output_, intermediate_, output_;
  std::shared_ptr<nn::LayerNorm> attention_norm_, output_norm_;
  std::int64_t heads_;
  double dropout_, attention_dropout_;
};

}  // namespace graft::plugins
