#include "mlp.hpp"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/mlp";
constexpr double kEmbeddingDeviation = 0.01;

std::int64_t width_for(std::int64_t classes) {
  return std::min<std::int64_t>(600, std::llround(1.6 * std::pow(static_cast<double>(classes), 0.56)));
}

}  // namespace

Mlp::Mlp(const Config& config)
    : input_(config.columns("input")),
      embedding_width_(config.has("embedding_width") ? config.integer("embedding_width") : 0),
      shape_(config) {}

Schema Mlp::build(const Schema& inputs, Rng rng) {
  std::int64_t width = 0;
  if (input_.size() == 1 && require(inputs, input_[0], kName).kind == FieldKind::kSparse) {
    is_sparse_ = true;
    width = require(inputs, input_[0], kName).shape.at(0);
  } else {
    for (const std::string& column : input_) {
      if (require(inputs, column, kName).kind != FieldKind::kSparse) continue;
      throw Error(kName, "a sparse column must be the only input, " + column + " is one of " + std::to_string(input_.size()));
    }
    columns_ = table_columns(inputs, input_, kName);
    width = nn::width_of(inputs, columns_.numbers, kName) + embed(rng.fork("embeddings"));
  }
  hidden_ = register_module("hidden", std::make_shared<Perceptron>(width, shape_, rng));
  return {Field{"features", FieldKind::kVector, {shape_.hidden.back()}, {}}};
}

std::int64_t Mlp::embed(const Rng& rng) {
  if (columns_.categories.empty()) return 0;
  auto tables = register_module("embeddings", std::make_shared<torch::nn::Module>());
  std::int64_t width = 0;
  for (std::size_t i = 0; i < columns_.categories.size(); ++i) {
    const std::int64_t rows = columns_.table_rows[i], own = embedding_width_ > 0 ? embedding_width_ : width_for(rows - 1);
    embeddings_.push_back(
        tables->register_module(std::to_string(i), std::make_shared<nn::Embedding>(rows, own, rng.fork(i), kEmbeddingDeviation)));
    width += own;
  }
  return width;
}

Tensor Mlp::row_of(const Batch& batch, const Call& call) const {
  if (embeddings_.empty()) return nn::side_by_side(batch, columns_.numbers, kName);
  std::vector<Tensor> parts;
  if (!columns_.numbers.empty()) parts.push_back(nn::side_by_side(batch, columns_.numbers, kName));
  const Tensor rows = category_rows(batch, columns_.categories);
  for (std::size_t i = 0; i < embeddings_.size(); ++i)
    parts.push_back(
        embeddings_[i]->forward(rows.select(1, static_cast<std::int64_t>(i)), call).to(embeddings_[i]->weight.scalar_type()));
  return at::cat(parts, 1);
}

Tensor Mlp::first_layer(const Batch& batch, const Call& call) const {
  const nn::Linear& layer = *hidden_->layers().front();
  if (is_sparse_ && !layer.children().empty())
    throw Error(kName, "hidden.0 reads the sparse column " + input_.front() + ", which no adapter can act on: set layers of " +
                           layer.named_children().front().key() + R"( to ["*", "!hidden.0"])");
  if (is_sparse_) return nn::sparse_linear(batch.sparse(input_.front()), layer.weight, layer.bias);
  return layer.forward(row_of(batch, call), call);
}

Batch Mlp::forward(const Batch& batch, const Call& call) {
  Tensor x;
  for (std::size_t i = 0; i < hidden_->layers().size(); ++i) {
    const Tensor linear = i == 0 ? first_layer(batch, call) : hidden_->layers()[i]->forward(x, call);
    x = call.tap("hidden." + std::to_string(i), hidden_->finish(linear, call));
  }
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", x));
  return result;
}

std::vector<std::string> Mlp::stages() const {
  std::vector<std::string> stages;
  if (!embeddings_.empty()) stages.push_back("embeddings");
  for (std::size_t i = 0; i < shape_.hidden.size(); ++i) stages.push_back("hidden." + std::to_string(i));
  return stages;
}

}  // namespace graft::plugins
