#include "mlp.hpp"

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/mlp";
}

Mlp::Mlp(const Config& config) : input_(config.columns("input")), shape_(config) {}

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
  hidden_ = register_module("hidden", std::make_shared<Perceptron>(width, shape_, rng));
  return {Field{"features", FieldKind::kVector, {shape_.hidden.back()}, {}}};
}

Tensor Mlp::first_layer(const Batch& batch, const Call& call) const {
  const nn::Linear& layer = *hidden_->layers().front();
  if (is_sparse_ && !layer.children().empty())
    throw Error(kName, "hidden.0 reads the sparse column " + input_.front() + ", which no adapter can act on: set layers of " +
                           layer.named_children().front().key() + R"( to ["*", "!hidden.0"])");
  if (is_sparse_) return nn::sparse_linear(batch.sparse(input_.front()), layer.weight, layer.bias);
  return layer.forward(nn::side_by_side(batch, input_, kName), call);
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
  for (std::size_t i = 0; i < shape_.hidden.size(); ++i) stages.push_back("hidden." + std::to_string(i));
  return stages;
}

}  // namespace graft::plugins
