#include "graft/nn/columns.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/isnan.h>

#include "graft/error.hpp"

namespace graft::nn {
namespace {

void refuse_missing(const Tensor& x, const Batch& batch, const std::string& column, std::string_view where) {
  if (!x.is_cpu() || !x.is_floating_point()) return;
  const Tensor missing = at::isnan(x).flatten(1).any(1);
  if (!missing.any().item<bool>()) return;
  const auto row = missing.nonzero()[0][0].item<std::int64_t>();
  throw Error(std::string(where), "column " + column + " must have no missing number, but has one in row " +
                                      std::to_string(batch.row_ids()[row]) + ": drop such rows or fill them in");
}

}  // namespace

std::int64_t width_of(const Schema& schema, const std::vector<std::string>& columns, std::string_view where) {
  std::int64_t width = 0;
  for (const std::string& column : columns) {
    const Field& field = require(schema, column, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector}, where);
    const std::int64_t own = field.kind == FieldKind::kVector ? field.shape.at(0) : 1;
    if (own < 0) return -1;
    width += own;
  }
  return width;
}

Tensor side_by_side(const Batch& batch, const std::vector<std::string>& columns, std::string_view where) {
  std::vector<Tensor> parts;
  for (const std::string& column : columns) {
    const Tensor& held = batch.tensor(column);
    const Tensor x = held.dim() == 1 ? held.unsqueeze(1) : held;
    refuse_missing(x, batch, column, where);
    parts.push_back(x.to(at::kFloat));
  }
  return parts.size() == 1 ? parts.front() : at::cat(parts, 1);
}

}  // namespace graft::nn
