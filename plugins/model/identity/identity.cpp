#include "identity.hpp"

#include "graft/error.hpp"
#include "graft/nn/columns.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/identity";
}

Identity::Identity(const Config& config) : input_(config.columns("input")) {}

Schema Identity::build(const Schema& inputs, Rng) {
  for (const std::string& column : input_) is_sparse_ = is_sparse_ || require(inputs, column, kName).kind == FieldKind::kSparse;
  if (is_sparse_) return {Field{"features", FieldKind::kSparse, {nn::sparse_width_of(inputs, input_, kName)}, {}}};
  return {Field{"features", FieldKind::kVector, {nn::width_of(inputs, input_, kName)}, {}}};
}

Batch Identity::forward(const Batch& batch, const Call& call) {
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  if (is_sparse_)
    result.set("features", nn::sparse_side_by_side(batch, input_, kName));
  else
    result.set("features", call.tap("features", nn::side_by_side(batch, input_, kName)));
  return result;
}

}  // namespace graft::plugins
