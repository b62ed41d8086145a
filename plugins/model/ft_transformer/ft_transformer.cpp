#include "ft_transformer.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"
#include "graft/nn/init.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/ft_transformer";
}

FtTransformer::FtTransformer(const Config& config) : input_(config.columns("input")), shape_(config) {}

Schema FtTransformer::build(const Schema& inputs, Rng rng) {
  columns_ = table_columns(inputs, input_, kName);
  const std::int64_t numbers = nn::width_of(inputs, columns_.numbers, kName);
  tokenizer_ = register_module("feature_tokenizer", std::make_shared<FeatureTokenizer>(numbers, columns_.table_rows, shape_.width,
                                                                                       rng.fork("feature_tokenizer")));
  row_token_ = at::empty({shape_.width}, at::kFloat);
  nn::uniform_(row_token_, 1 / std::sqrt(static_cast<double>(shape_.width)), rng.fork("cls_token"));
  row_token_ = register_module("cls_token", std::make_shared<torch::nn::Module>())->register_parameter("weight", row_token_);
  auto transformer = register_module("transformer", std::make_shared<torch::nn::Module>());
  auto blocks = transformer->register_module("blocks", std::make_shared<torch::nn::Module>());
  for (std::int64_t i = 0; i < shape_.blocks; ++i)
    blocks_.push_back(blocks->register_module(
        std::to_string(i), std::make_shared<FtBlock>(shape_, i == 0, rng.fork("blocks").fork(static_cast<std::uint64_t>(i)))));
  norm_ = transformer->register_module("head", std::make_shared<torch::nn::Module>())
              ->register_module("normalization", std::make_shared<nn::LayerNorm>(shape_.width));
  return {Field{"features", FieldKind::kVector, {shape_.width}, {}}};
}

Tensor FtTransformer::tokens_of(const Batch& batch, const Call& call) const {
  Tensor numbers, categories;
  if (!columns_.numbers.empty()) numbers = nn::side_by_side(batch, columns_.numbers, kName);
  if (!columns_.categories.empty()) categories = category_rows(batch, columns_.categories);
  const Tensor row_tokens = row_token_.expand({batch.size(), 1, shape_.width});
  return at::cat({row_tokens, tokenizer_->forward(numbers, categories, call)}, 1).view({-1, shape_.width});
}

Batch FtTransformer::forward(const Batch& batch, const Call& call) {
  const std::int64_t tokens = 1 + tokenizer_->tokens();
  Tensor x = call.tap("tokens", tokens_of(batch, call));
  const RowOffsets rows = {at::arange(0, (batch.size() + 1) * tokens, tokens, x.options().dtype(at::kInt)), tokens};
  for (std::size_t i = 0; i < blocks_.size(); ++i)
    x = call.tap("transformer.blocks." + std::to_string(i), blocks_[i]->forward(x, rows, i + 1 == blocks_.size(), call));
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", norm_->forward(x, call).relu().to(row_token_.scalar_type())));
  return result;
}

std::vector<std::string> FtTransformer::stages() const {
  std::vector<std::string> stages = {"feature_tokenizer", "cls_token"};
  for (std::size_t i = 0; i < blocks_.size(); ++i) stages.push_back("transformer.blocks." + std::to_string(i));
  stages.push_back("transformer.head");
  return stages;
}

}  // namespace graft::plugins
