// FtBlock: a block of FT-Transformer: attention between the tokens of a row, then a feed-forward network with ReGLU.
//
//   formula  y = x + drop(W_out attention(N_a x)),  z = y + drop(W_2 drop(a relu(b))),  [a, b] = W_1 N_f y;  N layer norms
//   first    the block of an input has no N_a
//   names    "attention.W_q", "W_k", "W_v", "W_out"; "attention_normalization"; "ffn.linear_first", "ffn.linear_second";
//            "ffn_normalization". rtdl's
//   init     weights uniform within 1 / sqrt(in), biases of attention 0, others as torch.nn.Linear
//   source   Gorishniy et al. 2021, arXiv:2106.11959; ReGLU: Shazeer 2020, arXiv:2002.05202
#pragma once

#include <memory>

#include "graft/config.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/nn/self_attention.hpp"

namespace graft::plugins {

struct FtShape {
  explicit FtShape(const Config& config);  // throws Error when d_token is no multiple of n_heads
  std::int64_t blocks, width, heads, inner;
  double attention_dropout, ffn_dropout, residual_dropout;
};

struct RowOffsets {  // of rows of T tokens each
  Tensor offsets;    // [B + 1] int32
  std::int64_t longest;
};

class FtBlock final : public torch::nn::Module {
 public:
  FtBlock(const FtShape& shape, bool is_first, const Rng& rng);

  // x [B T, D], T tokens a row: returns the same, or [B, D] for the first token of each row alone.
  Tensor forward(const Tensor& x, const RowOffsets& rows, bool first_tokens_only, const Call& call) const;

 private:
  FtShape shape_;
  std::shared_ptr<nn::SelfAttention> attention_;
  std::shared_ptr<nn::Linear> query_, key_, value_, out_, first_, second_;
  std::shared_ptr<nn::LayerNorm> attention_norm_, ffn_norm_;  // the former null in the first block
};

}  // namespace graft::plugins
