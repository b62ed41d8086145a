#include "graft/nn/columns.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/searchsorted.h>
#include <ATen/ops/sort.h>

#include "graft/error.hpp"

namespace graft::nn {
namespace {

void refuse_missing(const Tensor& x, const Batch& batch, const std::string& column, std::string_view where) {
  if (!x.is_cpu() || !x.is_floating_point()) return;
  const Tensor missing = at::isnan(x).flatten(1).any(1);
  if (!missing.any().item<bool>()) return;
  const auto row = missing.nonzero()[0][0].item<std::int64_t>();
  throw Error(std::string(where), "column " + column + " must have no missing number, but has one in row " +
                                      std::to_string(batch.row_ids()[row]) + ": drop such rows or fill them in (a step impute)");
}

std::int64_t sum_of_widths(const Schema& schema, const std::vector<std::string>& columns, const std::vector<FieldKind>& kinds,
                           std::string_view where) {
  std::int64_t width = 0;
  for (const std::string& column : columns) {
    const Field& field = require(schema, column, kinds, where);
    const std::int64_t own = field.kind == FieldKind::kVector || field.kind == FieldKind::kSparse ? field.shape.at(0) : 1;
    if (own < 0) return -1;
    width += own;
  }
  return width;
}

struct Entries {  // of a matrix, by row: not 0
  Tensor rows, ids, values;
  std::int64_t width;
};

Entries entries_of(const SparseRows& x) {
  const Tensor lengths = x.offsets.slice(0, 1).sub(x.offsets.slice(0, 0, -1)).to(at::kLong);
  return {at::repeat_interleave(lengths, std::optional<std::int64_t>(x.ids.numel())), x.ids.to(at::kLong),
          x.values.to(at::kFloat), x.width};
}

Entries entries_of(const Tensor& held, const Batch& batch, const std::string& column, std::string_view where) {
  const Tensor x = held.dim() == 1 ? held.unsqueeze(1) : held;
  refuse_missing(x, batch, column, where);
  const Tensor places = x.nonzero();
  const Tensor rows = places.select(1, 0), ids = places.select(1, 1);
  return {rows, ids, x.to(at::kFloat).flatten().index_select(0, rows.mul(x.size(1)).add(ids)), x.size(1)};
}

}  // namespace

std::int64_t sparse_width_of(const Schema& schema, const std::vector<std::string>& columns, std::string_view where) {
  return sum_of_widths(schema, columns, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector, FieldKind::kSparse}, where);
}

SparseRows sparse_side_by_side(const Batch& batch, const std::vector<std::string>& columns, std::string_view where) {
  std::vector<Tensor> rows, ids, values;
  std::int64_t width = 0;
  for (const std::string& column : columns) {
    const auto* sparse = std::get_if<SparseRows>(&batch.column(column));
    if (sparse && columns.size() == 1) return *sparse;
    const Entries own = sparse ? entries_of(*sparse) : entries_of(batch.tensor(column), batch, column, where);
    rows.push_back(own.rows);
    ids.push_back(own.ids.add(width));
    values.push_back(own.values);
    width += own.width;
  }
  const auto [sorted, order] =
      at::sort(at::cat(rows), std::optional<bool>(true), 0, false);  // stable: ids keep rising within a row
  const Tensor bounds = at::arange(batch.size() + 1, sorted.options());
  return {at::cat(ids).index_select(0, order).to(at::kInt), at::cat(values).index_select(0, order),
          at::searchsorted(sorted, bounds).to(at::kInt), width};
}

std::int64_t width_of(const Schema& schema, const std::vector<std::string>& columns, std::string_view where) {
  return sum_of_widths(schema, columns, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector}, where);
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
