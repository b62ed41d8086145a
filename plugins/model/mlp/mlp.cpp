#include "mlp.hpp"

#include <ATen/ops/gelu.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/mlp";
}

Mlp::Mlp(const Config& config)
    : input_(config.columns("input")), activation_(config.text("activation")), dropout_(config.number("dropout")) {
  for (double width : config.numbers("hidden")) hidden_.push_back(static_cast<std::int64_t>(width));
}

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
    width = nn::width_of(inputs, input_, kName);
  }
  auto hidden = register_module("hidden", std::make_shared<torch::nn::Module>());
  const double gain = activation_ == "tanh" ? 1.0 : 2.0;
  for (std::size_t i = 0; i < hidden_.size(); ++i) {
    const double deviation = std::sqrt(gain / static_cast<double>(width));
    auto layer =
        hidden->register_module(std::to_string(i), std::make_shared<nn::Linear>(width, hidden_[i], rng.fork(i), true, deviation));
    layers_.push_back(layer);
    width = hidden_[i];
  }
  return {Field{"features", FieldKind::kVector, {width}, {}}};
}

Tensor Mlp::activate(const Tensor& x) const {
  return activation_ == "relu" ? x.relu() : activation_ == "gelu" ? at::gelu(x) : x.tanh();
}

Tensor Mlp::first_layer(const Batch& batch, const Call& call) const {
  const nn::Linear& layer = *layers_.front();
  if (is_sparse_) return nn::sparse_linear(batch.sparse(input_.front()), layer.weight, layer.bias);
  return layer.forward(nn::side_by_side(batch, input_, kName), call);
}

Batch Mlp::forward(const Batch& batch, const Call& call) {
  Tensor x;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    x = activate(i == 0 ? first_layer(batch, call) : layers_[i]->forward(x, call));
    x = call.tap("hidden." + std::to_string(i), nn::dropout(x, dropout_, call));
  }
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", x));
  return result;
}

std::vector<std::string> Mlp::stages() const {
  std::vector<std::string> stages;
  for (std::size_t i = 0; i < hidden_.size(); ++i) stages.push_back("hidden." + std::to_string(i));
  return stages;
}

}  // namespace graft::plugins
