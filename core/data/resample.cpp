#include "core/data/resample.hpp"

#include <ATen/ops/_cdist_forward.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/data/order.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr const char* kWhere = "resample";
constexpr std::int64_t kMostDistances = 1 << 22;            // held at a time: 32 MB
constexpr std::int64_t kNewRows = std::int64_t{255} << 40;  // the part of ids that no source has

using Positions = std::vector<std::int64_t>;

std::vector<Positions> rows_by_class(const Batch& rows, const Schema& schema, const Resampling& how, const std::string& name) {
  const Field& field = require(schema, how.by, {FieldKind::kClass}, kWhere);
  if (!rows.has(how.by))
    throw Error(kWhere, name + ": column " + how.by + " must be made before the first augmenter, is made after it");
  const Tensor labels = rows.tensor(how.by).contiguous();
  const auto* label = labels.const_data_ptr<std::int64_t>();
  std::vector<Positions> classes(field.classes.size());
  for (std::int64_t row = 0; row < rows.size(); ++row)
    if (label[row] != kMissingClass) classes.at(static_cast<std::size_t>(label[row])).push_back(row);
  return classes;
}

std::int64_t added_to(const Positions& rows, const std::vector<Positions>& classes, double ratio) {
  std::size_t largest = 0;
  for (const Positions& each : classes) largest = std::max(largest, each.size());
  const auto wanted = static_cast<std::int64_t>(ratio * static_cast<double>(largest));
  return rows.empty() ? 0 : std::max<std::int64_t>(0, wanted - static_cast<std::int64_t>(rows.size()));
}

Batch over(const Batch& rows, const std::vector<Positions>& classes, double ratio, const Rng& rng) {
  Positions taken(static_cast<std::size_t>(rows.size()));
  std::iota(taken.begin(), taken.end(), 0);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    Rng draws = rng.fork(c);
    for (std::int64_t added = added_to(classes[c], classes, ratio); added > 0; --added)
      taken.push_back(classes[c][static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(classes[c].size())))]);
  }
  return rows.select(taken);
}

Batch under(const Batch& rows, const std::vector<Positions>& classes, double ratio, const Rng& rng) {
  std::size_t smallest = std::numeric_limits<std::size_t>::max();
  for (const Positions& each : classes)
    if (!each.empty()) smallest = std::min(smallest, each.size());
  const auto most = static_cast<std::size_t>(static_cast<double>(smallest) / ratio);
  std::vector<bool> is_left_out(static_cast<std::size_t>(rows.size()));
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const Positions order = permutation(static_cast<std::int64_t>(classes[c].size()), rng.fork(c));
    for (std::size_t i = most; i < order.size(); ++i)
      is_left_out[static_cast<std::size_t>(classes[c][static_cast<std::size_t>(order[i])])] = true;
  }
  Positions kept;
  for (std::int64_t row = 0; row < rows.size(); ++row)
    if (!is_left_out[static_cast<std::size_t>(row)]) kept.push_back(row);
  return rows.select(kept);
}

Tensor features_of(const Batch& rows, const Schema& schema, const Resampling& how, const std::string& name) {
  std::vector<Tensor> parts;
  for (const std::string& column : how.columns) {
    require(schema, column, {FieldKind::kNumber, FieldKind::kVector}, kWhere);
    const Tensor values = rows.tensor(column).to(at::kDouble);
    if (!values.isfinite().all().item<bool>())
      throw Error(kWhere,
                  name + ": smote needs numbers in column " + column + ", and a training row has none: add a step impute");
    parts.push_back(values.dim() == 1 ? values.unsqueeze(1) : values);
  }
  return at::cat(parts, 1).contiguous();
}

struct Between {  // what each added row lies between, as positions of training rows, and how far
  Positions base, other;
  std::vector<double> part;
};

void draw(Between& between, const Positions& members, const Tensor& near, std::int64_t count, Rng draws) {
  const std::int64_t neighbours = near.size(1);
  const auto* nearest = near.const_data_ptr<std::int64_t>();
  for (; count > 0; --count) {
    const std::int64_t pick = draws.below(static_cast<std::int64_t>(members.size()) * neighbours);
    between.base.push_back(members[static_cast<std::size_t>(pick / neighbours)]);
    between.other.push_back(members[static_cast<std::size_t>(nearest[pick])]);
    between.part.push_back(draws.uniform());
  }
}

Batch rows_between(const Batch& rows, const Between& between, const std::vector<std::string>& columns) {
  const Batch base = rows.select(between.base), other = rows.select(between.other);
  Positions ids(between.base.size());
  std::iota(ids.begin(), ids.end(), (base.row_ids().front() & ~((std::int64_t{1} << 48) - 1)) | kNewRows);
  Batch made(std::move(ids));
  for (const std::string& column : base.names()) made.set(column, base.column(column));
  const Tensor part = at::tensor(between.part, at::kDouble);
  for (const std::string& column : columns) {
    const Tensor from = base.tensor(column).to(at::kDouble), to = other.tensor(column).to(at::kDouble);
    const Tensor share = from.dim() == 2 ? part.unsqueeze(1) : part;
    made.set(column, from.add(to.sub(from).mul(share)).to(base.tensor(column).scalar_type()));
  }
  return made;
}

std::int64_t neighbours_in(const Positions& members, std::int64_t wanted, const std::string& class_name,
                           const std::string& name) {
  const auto others = static_cast<std::int64_t>(members.size()) - 1;
  if (others >= wanted) return wanted;
  warn(kWhere, name + ": class " + class_name + " has " + std::to_string(others + 1) + " training rows, and smote takes " +
                   std::to_string(others) + " neighbours in place of " + std::to_string(wanted));
  return others;
}

Batch smote(const Batch& rows, const Schema& schema, const std::vector<Positions>& classes, const Resampling& how,
            const std::string& name, const Rng& rng) {
  const Tensor features = features_of(rows, schema, how, name);
  const Field& field = require(schema, how.by, kWhere);
  Between between;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const std::int64_t added = added_to(classes[c], classes, how.ratio);
    if (added == 0) continue;
    const std::int64_t neighbours = neighbours_in(classes[c], how.neighbours, field.classes[c], name);
    const Tensor members = at::tensor(classes[c], at::kLong);
    const Tensor near = neighbours > 0 ? nearest_rows(features.index_select(0, members), neighbours)
                                       : at::arange(1, at::kLong).unsqueeze(1);  // a row alone is its own
    draw(between, classes[c], near, added, rng.fork(c));
  }
  if (between.base.empty()) return rows;
  return Batch::concatenate(std::vector<Batch>{rows, rows_between(rows, between, how.columns)});
}

}  // namespace

Resampling resampling_of(const Value& config) {
  Resampling how{
      config.at("method").text(), config.at("by").text(), {}, config.at("ratio").number(), config.at("neighbours").integer()};
  const Value& columns = config.at("columns");
  if (columns.is_text()) how.columns.push_back(columns.text());
  if (columns.is_list())
    for (const Value& column : columns.list()) how.columns.push_back(column.text());
  if (how.method == "smote" && how.columns.empty())
    throw Error(kWhere, "smote needs columns, the numbers and vectors that new rows lie between, got none");
  return how;
}

Batch resample(const Batch& rows, const Schema& schema, const Resampling& how, const std::string& name, const Rng& rng) {
  const std::vector<Positions> classes = rows_by_class(rows, schema, how, name);
  if (how.method == "over") return over(rows, classes, how.ratio, rng);
  return how.method == "under" ? under(rows, classes, how.ratio, rng) : smote(rows, schema, classes, how, name, rng);
}

Tensor nearest_rows(const Tensor& rows, std::int64_t count) {
  const std::int64_t size = rows.size(0), piece = std::max<std::int64_t>(1, kMostDistances / size);
  Tensor nearest = at::empty({size, count}, at::kLong);
  for (std::int64_t begin = 0; begin < size; begin += piece) {
    const std::int64_t length = std::min(piece, size - begin);
    Tensor distances = at::_cdist_forward(rows.narrow(0, begin, length), rows, 2, 2);  // 2: by differences, not by products
    distances.diagonal(begin).fill_(std::numeric_limits<double>::infinity());
    nearest.narrow(0, begin, length).copy_(std::get<1>(distances.topk(count, 1, false, true)));
  }
  return nearest;
}

}  // namespace graft::core
