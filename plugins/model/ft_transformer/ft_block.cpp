#include "ft_block.hpp"

#include <ATen/core/grad_mode.h>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"

namespace graft::plugins {

FtShape::FtShape(const Config& config)
    : blocks(config.integer("n_blocks")),
      width(config.integer("d_token")),
      heads(config.integer("n_heads")),
      inner(config.has("ffn_d_hidden") ? config.integer("ffn_d_hidden") : width * 4 / 3),
      attention_dropout(config.number("attention_dropout")),
      ffn_dropout(config.number("ffn_dropout")),
      residual_dropout(config.number("residual_dropout")) {
  if (width % heads != 0)
    throw Error("graft/ft_transformer", "d_token must be a multiple of n_heads, " + std::to_string(heads) + ", got " +
                                            std::to_string(width) + ": the nearest is " +
                                            std::to_string((width + heads - 1) / heads * heads));
}

FtBlock::FtBlock(const FtShape& shape, bool is_first, const Rng& rng) : shape_(shape) {
  const std::int64_t width = shape.width;
  attention_ = register_module("attention", std::make_shared<nn::SelfAttention>(width, shape.heads, shape.attention_dropout));
  const auto projection = [&](const char* name) {
    auto layer = attention_->register_module(name, std::make_shared<nn::Linear>(width, width, rng.fork(name)));
    at::NoGradGuard no_grad;
    layer->bias.zero_();
    return layer;
  };
  query_ = projection("W_q");
  key_ = projection("W_k");
  value_ = projection("W_v");
  out_ = projection("W_out");
  auto ffn = register_module("ffn", std::make_shared<torch::nn::Module>());
  first_ = ffn->register_module("linear_first", std::make_shared<nn::Linear>(width, 2 * shape.inner, rng.fork("linear_first")));
  second_ = ffn->register_module("linear_second", std::make_shared<nn::Linear>(shape.inner, width, rng.fork("linear_second")));
  if (!is_first) attention_norm_ = register_module("attention_normalization", std::make_shared<nn::LayerNorm>(width));
  ffn_norm_ = register_module("ffn_normalization", std::make_shared<nn::LayerNorm>(width));
}

Tensor FtBlock::forward(const Tensor& x, const RowOffsets& rows, bool first_tokens_only, const Call& call) const {
  const auto asking = [&](const Tensor& all) {  // the first token of each row, or all
    return first_tokens_only ? all.view({-1, rows.longest, shape_.width}).select(1, 0) : all;
  };
  const Tensor normed = attention_norm_ ? attention_norm_->forward(x, call) : x;
  const Tensor attended = attention_->forward(query_->forward(asking(normed), call), key_->forward(normed, call),
                                              value_->forward(normed, call), rows.offsets, rows.longest, call);
  const Tensor y = asking(x).add(nn::dropout(out_->forward(attended, call), shape_.residual_dropout, call));
  const std::vector<Tensor> halves = first_->forward(ffn_norm_->forward(y, call), call).chunk(2, -1);
  const Tensor gated = nn::dropout(halves[0].mul(halves[1].relu()), shape_.ffn_dropout, call);
  return y.add(nn::dropout(second_->forward(gated, call), shape_.residual_dropout, call));
}

}  // namespace graft::plugins
