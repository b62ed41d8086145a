#include "feature_columns.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/isinf.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

const std::vector<FieldKind> kNumberKinds = {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector};

}  // namespace

FeatureColumns::FeatureColumns(std::vector<std::string> columns, std::string where)
    : columns_(std::move(columns)), where_(std::move(where)) {
  if (columns_.empty()) throw Error(where_, "columns must name at least one column, names none");
}

std::int64_t FeatureColumns::width(const Schema& inputs) const {
  std::int64_t width = 0;
  for (const std::string& column : columns_) {
    const Field& field = require(inputs, column, kNumberKinds, where_);
    const std::int64_t features = field.kind != FieldKind::kVector ? 1 : field.shape.empty() ? -1 : field.shape[0];
    width = width < 0 || features < 0 ? -1 : width + features;
  }
  return width;
}

Tensor FeatureColumns::of(const Batch& batch) const {
  std::vector<Tensor> parts;
  for (const std::string& column : columns_) {
    const Tensor& values = batch.tensor(column);
    parts.push_back((values.dim() == 1 ? values.unsqueeze(1) : values).to(at::kDouble));
  }
  Tensor all = at::cat(parts, 1).contiguous();
  const Tensor infinite = at::isinf(all);
  if (infinite.any().item<bool>())
    throw Error(where_, "column " + name(batch, infinite.nonzero()[0][1].item<std::int64_t>()) + " must be finite, is infinite");
  return all;
}

Tensor FeatureColumns::of(const Batch& batch, std::int64_t width) const {
  Tensor all = of(batch);
  if (all.size(1) != width) throw Error(where_, std::to_string(width) + " features expected, got " + std::to_string(all.size(1)));
  return all;
}

Tensor FeatureColumns::all(const Source& training) const {
  std::vector<Tensor> parts;
  for (Batches each(training); each.next();) parts.push_back(of(each.batch()));
  if (parts.empty()) throw Error(where_, "the training rows must not be empty");
  return at::cat(parts, 0).contiguous();
}

std::vector<std::string> FeatureColumns::names(const Batch& batch) const {
  std::vector<std::string> names;
  for (const std::string& column : columns_) {
    const Tensor& values = batch.tensor(column);
    for (std::int64_t i = 0; i < (values.dim() == 1 ? 1 : values.size(1)); ++i)
      names.push_back(values.dim() == 1 ? column : column + "[" + std::to_string(i) + "]");
  }
  return names;
}

std::string FeatureColumns::name(const Batch& batch, std::int64_t feature) const {
  return names(batch).at(static_cast<std::size_t>(feature));
}

std::vector<double> sorted_values(const Tensor& all, std::int64_t feature, const std::string& where) {
  const double* value = all.const_data_ptr<double>() + feature;
  std::vector<double> sorted;
  for (std::int64_t row = 0; row < all.size(0); ++row, value += all.size(1))
    if (!std::isnan(*value)) sorted.push_back(*value);
  if (sorted.empty())
    throw Error(where, "feature " + std::to_string(feature) + " must have a value in the training rows, has none");
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double t = at - static_cast<double>(below), step = sorted[above] - sorted[below];
  return t >= 0.5 ? sorted[above] - step * (1 - t) : sorted[below] + step * t;
}

Tensor tensor_in(const State& state, const std::string& key, const std::string& where) {
  const auto found = state.tensors.find(key);
  if (found == state.tensors.end()) throw Error(where, "the state must have the tensor " + key + ", has none");
  return found->second.to(at::kCPU, at::kDouble).contiguous();
}

Tensor vector_of(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

}  // namespace graft::plugins
