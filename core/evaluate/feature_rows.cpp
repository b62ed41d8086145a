#include "core/evaluate/feature_rows.hpp"

#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "graft/error.hpp"

namespace graft::core {
namespace {

Tensor dense_of(const SparseRows& rows) {
  const std::int64_t n = rows.offsets.size(0) - 1;
  Tensor dense = at::zeros({n, rows.width}, at::kDouble);
  double* into = dense.mutable_data_ptr<double>();
  const auto *offsets = rows.offsets.const_data_ptr<std::int32_t>(), *ids = rows.ids.const_data_ptr<std::int32_t>();
  const float* values = rows.values.const_data_ptr<float>();
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int32_t at = offsets[i]; at < offsets[i + 1]; ++at) into[i * rows.width + ids[at]] = values[at];
  return dense;
}

// F F^T [n, n], column by column: as many products as pairs of rows share a column.
Tensor products_of(const SparseRows& rows) {
  struct Entry {
    std::int64_t row;
    double value;
  };
  const std::int64_t n = rows.offsets.size(0) - 1;
  std::vector<std::vector<Entry>> columns(rows.width);
  const auto *offsets = rows.offsets.const_data_ptr<std::int32_t>(), *ids = rows.ids.const_data_ptr<std::int32_t>();
  const float* values = rows.values.const_data_ptr<float>();
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int32_t at = offsets[i]; at < offsets[i + 1]; ++at) columns[ids[at]].push_back({i, values[at]});
  Tensor products = at::zeros({n, n}, at::kDouble);
  double* into = products.mutable_data_ptr<double>();
  for (const std::vector<Entry>& column : columns)
    for (const Entry& a : column)
      for (const Entry& b : column) into[a.row * n + b.row] += a.value * b.value;
  return products;
}

SparseRows contiguous(const SparseRows& rows) {
  return {rows.ids.contiguous(), rows.values.to(at::kFloat).contiguous(), rows.offsets.contiguous(), rows.width};
}

void require_finite(const Tensor& held) {
  const Tensor is_finite = at::isfinite(held).all(1);
  if (is_finite.all().item<bool>()) return;
  throw Error("rank", "features must be finite, but those of row " +
                          std::to_string(is_finite.logical_not().to(at::kByte).argmax().item<std::int64_t>()) +
                          " hold NaN or infinity");
}

Spectrum of_points(const Tensor& points, std::int64_t width) {
  const auto [u, s, vh] = at::linalg_svd(points, /*full_matrices=*/false);
  const double least = static_cast<double>(std::max(points.size(0), width)) * std::numeric_limits<double>::epsilon();
  const Tensor kept = s.gt(s.max().mul(least)).nonzero().squeeze(1);
  return {u.index_select(1, kept), s.index_select(0, kept).square(), width};
}

Spectrum of_products(const Tensor& products, std::int64_t width) {
  const auto [squares, vectors] = at::linalg_eigh(products);
  const double least = static_cast<double>(std::max(products.size(0), width)) * std::numeric_limits<double>::epsilon();
  const Tensor kept = squares.gt(squares.max().clamp_min(0).mul(least)).nonzero().squeeze(1);
  return {vectors.index_select(1, kept), squares.index_select(0, kept), width};
}

}  // namespace

FeatureRows::FeatureRows(Tensor held, std::int64_t width, bool is_products)
    : held_(std::move(held)), width_(width), is_products_(is_products) {}

FeatureRows::FeatureRows(const Column& features) {
  if (rows_of(features) == 0) throw Error("rank", "features must have rows, got none");
  if (const auto* sparse = std::get_if<SparseRows>(&features)) {
    width_ = sparse->width;
    is_products_ = width_ > rows_of(features);
    held_ = is_products_ ? products_of(contiguous(*sparse)) : dense_of(contiguous(*sparse));
  } else if (const auto* dense = std::get_if<Tensor>(&features); dense && dense->dim() == 2) {
    width_ = dense->size(1);
    is_products_ = width_ > dense->size(0);
    const Tensor points = dense->to(at::kDouble);
    held_ = is_products_ ? points.mm(points.t()) : points;
  } else {
    throw Error("rank", "features must be one vector a row: a tensor [rows, width] or sparse rows");
  }
  require_finite(held_);
}

FeatureRows FeatureRows::select(std::span<const std::int64_t> positions) const {
  const Tensor index = at::tensor(at::ArrayRef<std::int64_t>(positions.data(), positions.size()), at::kLong);
  const Tensor rows = held_.index_select(0, index);
  return {is_products_ ? rows.index_select(1, index) : rows, width_, is_products_};
}

Spectrum FeatureRows::spectrum() const { return is_products_ ? of_products(held_, width_) : of_points(held_, width_); }

Spectrum FeatureRows::centred_spectrum() const {
  const Tensor centred = held_.sub(held_.mean(0, true));
  return is_products_ ? of_products(centred.sub(centred.mean(1, true)), width_) : of_points(centred, width_);
}

}  // namespace graft::core
