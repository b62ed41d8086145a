#include "cutmix.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <cmath>

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/cutmix";
}

Box box_of(double l, std::int64_t x, std::int64_t y, std::int64_t height, std::int64_t width) {
  const double half = 0.5 * std::sqrt(1 - l);
  const auto half_height = static_cast<std::int64_t>(half * static_cast<double>(height));
  const auto half_width = static_cast<std::int64_t>(half * static_cast<double>(width));
  return {std::max<std::int64_t>(y - half_height, 0), std::min(y + half_height, height),
          std::max<std::int64_t>(x - half_width, 0), std::min(x + half_width, width)};
}

Cutmix::Cutmix(const Config& config)
    : column_(config.column("column")), labels_(config.column("label"), kWhere), alpha_(config.number("alpha")) {}

Schema Cutmix::outputs(const Schema& inputs) const {
  MixedLabels(labels_).build(inputs);
  require(inputs, column_, {FieldKind::kImage}, kWhere);
  const Field& label = require(inputs, labels_.column(), kWhere);
  return with(inputs, {label.name, FieldKind::kSoftClass, {static_cast<std::int64_t>(label.classes.size())}, label.classes});
}

void Cutmix::fit(const Source& training) { labels_.build(training.schema()); }

Tap Cutmix::augment(Batch& batch, Rng rng) const {
  const Tensor& images = batch.tensor(column_);
  const std::int64_t rows = batch.size(), height = images.size(2), width = images.size(3);
  Tensor edges = at::empty({4, rows, 1}, at::kLong);
  auto* to = edges.mutable_data_ptr<std::int64_t>();
  for (std::int64_t row = 0; row < rows; ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    const double l = draw_beta(alpha_, draws);
    const std::int64_t x = draws.below(width), y = draws.below(height);
    const Box box = box_of(l, x, y, height, width);
    for (const std::int64_t edge : {box.top, box.bottom, box.left, box.right}) {
      to[row] = edge;
      to += rows;
    }
    to -= 4 * rows;
  }
  edges = edges.to(images.device());
  const Tensor y = at::arange(height, edges.options()), x = at::arange(width, edges.options());
  const Tensor down = y.ge(edges[0]).logical_and(y.lt(edges[1])), across = x.ge(edges[2]).logical_and(x.lt(edges[3]));
  const Tensor inside = down.unsqueeze(2).logical_and(across.unsqueeze(1)).logical_and(labels_.mixable(batch).view({rows, 1, 1}));
  batch.set(column_, at::where(inside.unsqueeze(1), partners(images), images));
  labels_.mix(batch, inside.to(at::kFloat).mean({1, 2}).neg().add(1));
  return {};
}

}  // namespace graft::plugins
