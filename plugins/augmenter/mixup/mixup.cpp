#include "mixup.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/mixup";
}

Mixup::Mixup(const Config& config)
    : columns_(config.columns("columns")), labels_(config.column("label"), kWhere), alpha_(config.number("alpha")) {}

Schema Mixup::outputs(const Schema& inputs) const {
  MixedLabels(labels_).build(inputs);
  for (const std::string& column : columns_) require(inputs, column, {FieldKind::kImage, FieldKind::kVector}, kWhere);
  const Field& label = require(inputs, labels_.column(), kWhere);
  return with(inputs, {label.name, FieldKind::kSoftClass, {static_cast<std::int64_t>(label.classes.size())}, label.classes});
}

void Mixup::fit(const Source& training) { labels_.build(training.schema()); }

Tap Mixup::augment(Batch& batch, Rng rng) const {
  Tensor share = at::empty({batch.size()}, at::kFloat);
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    share.mutable_data_ptr<float>()[row] = static_cast<float>(draw_beta(alpha_, draws));
  }
  const Tensor mixable = labels_.mixable(batch);
  share = share.to(mixable.device());
  share = at::where(mixable, share, at::ones_like(share));
  for (const std::string& column : columns_) {
    const Tensor& given = batch.tensor(column);
    Tensor values = given.to(at::kFloat);
    if (given.scalar_type() == at::kByte) values = values.div(255);
    std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
    shape[0] = -1;
    const Tensor part = share.view(shape);
    batch.set(column, values.mul(part).add(partners(values).mul(part.neg().add(1))));
  }
  labels_.mix(batch, share);
  return {};
}

}  // namespace graft::plugins
