#include "manifold_mixup.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/manifold_mixup";
}

ManifoldMixup::ManifoldMixup(const Config& config) : labels_(config.column("label"), kWhere), alpha_(config.number("alpha")) {
  for (const std::string& name : config.texts("points")) points_.emplace_back(name, kWhere);
}

Schema ManifoldMixup::outputs(const Schema& inputs) const {
  MixedLabels(labels_).build(inputs);
  const Field& label = require(inputs, labels_.column(), kWhere);
  return with(inputs, {label.name, FieldKind::kSoftClass, {static_cast<std::int64_t>(label.classes.size())}, label.classes});
}

void ManifoldMixup::fit(const Source& training) { labels_.build(training.schema()); }

Tap ManifoldMixup::augment(Batch& batch, Rng rng) const {
  Tensor share = at::empty({batch.size()}, at::kFloat);
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    share.mutable_data_ptr<float>()[row] = static_cast<float>(draw_beta(alpha_, draws));
  }
  const Tensor mixable = labels_.mixable(batch);
  share = share.to(mixable.device());
  share = at::where(mixable, share, at::ones_like(share));
  labels_.mix(batch, share);
  Rng draws = rng.fork("point");
  return points_[static_cast<std::size_t>(draws.below(std::ssize(points_)))].tap([share](const Tensor& value) {
    const Tensor part = spread_over_rows(share, value, kWhere).to(value.scalar_type());
    return value.mul(part).add(partners(value).mul(part.neg().add(1)));
  });
}

}  // namespace graft::plugins
