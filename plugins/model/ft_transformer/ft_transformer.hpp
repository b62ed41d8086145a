// FtTransformer: each feature of a table a token, and a transformer over them.
//
//   reads    the columns `input`: number, integer and vector columns, a token a number; class columns, a token each
//   gives    "features" [B, D]: relu(norm(the row's token after the last block)), what its head reads
//   taps     "tokens" [B T, D], "transformer.blocks.0" ... the same, of the last [B, D]; "features"
//   names    feature_tokenizer.hpp, "cls_token.weight" [D], "transformer.blocks.<i>" as ft_block.hpp says,
//            "transformer.head.normalization". Those of rtdl, less the head's linear layer, which is graft's head
//   stages   "feature_tokenizer", "cls_token", each block, "transformer.head"
//   cost     T^2 a block and row: tables of up to some hundred features
//   source   Gorishniy et al. 2021, arXiv:2106.11959; rtdl 0.0.13, FTTransformer.make_default
//   differs  the row's token comes first, which without positions is the same; the last block asks for it alone, as rtdl does with
//            last_layer_query_idx; weight decay is that of the optimizer for all matrices, there none for the tokenizer
//   errors   Error("graft/ft_transformer") for a missing number, and when d_token is no multiple of n_heads
//   B rows   T = 1 + numbers + categories   D width of a token
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "feature_tokenizer.hpp"
#include "ft_block.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class FtTransformer final : public Model {
 public:
  explicit FtTransformer(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Tensor tokens_of(const Batch& batch, const Call& call) const;

  std::vector<std::string> input_;
  FtShape shape_;
  TableColumns columns_;
  std::shared_ptr<FeatureTokenizer> tokenizer_;
  Tensor row_token_;  // [D]
  std::vector<std::shared_ptr<FtBlock>> blocks_;
  std::shared_ptr<nn::LayerNorm> norm_;
};

}  // namespace graft::plugins
