#include "identity.hpp"

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/identity";
}

Identity::Identity(const Config& config) : input_(config.columns("input")) {}

Schema Identity::build(const Schema& inputs, Rng) {
  for (const std::string& column : input_) {
    const Field& field = require(inputs, column, kName);
    if (field.kind != FieldKind::kSparse) continue;
    if (input_.size() == 1) {
      is_sparse_ = true;
      return {Field{"features", FieldKind::kSparse, field.shape, {}}};
    }
    throw Error(kName, "a sparse column must be the only input, " + column + " is one of " + std::to_string(input_.size()));
  }
  return {Field{"features", FieldKind::kVector, {nn::width_of(inputs, input_, kName)}, {}}};
}

Batch Identity::forward(const Batch& batch, const Call& call) {
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  if (is_sparse_)
    result.set("features", batch.sparse(input_.front()));
  else
    result.set("features", call.tap("features", nn::side_by_side(batch, input_, kName)));
  return result;
}

}  // namespace graft::plugins
