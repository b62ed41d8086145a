#include "mixed_rows.hpp"

#include <ATen/ops/one_hot.h>
#include <ATen/ops/roll.h>

#include <cmath>

namespace graft::plugins {

double draw_beta(double alpha, Rng& rng) {
  for (;;) {
    const double u = std::pow(rng.uniform(), 1 / alpha), v = std::pow(rng.uniform(), 1 / alpha);
    if (u + v > 0 && u + v <= 1) return u / (u + v);
  }
}

Tensor partners(const Tensor& rows) { return at::roll(rows, -1, 0); }

void MixedLabels::build(const Schema& inputs) {
  classes_ =
      static_cast<std::int64_t>(require(inputs, column_, {FieldKind::kClass, FieldKind::kSoftClass}, where_).classes.size());
}

Tensor MixedLabels::distribution(const Batch& batch) const {
  const Tensor& labels = batch.tensor(column_);
  if (labels.dim() == 2) return labels.to(at::kFloat).nan_to_num(0);
  const Tensor has_label = labels.ne(kMissingClass);
  return at::one_hot(labels.mul(has_label), classes_).to(at::kFloat).mul(has_label.unsqueeze(1));
}

Tensor MixedLabels::mixable(const Batch& batch) const {
  const Tensor has_label = distribution(batch).sum(1).gt(0);
  return has_label.logical_and(partners(has_label));
}

void MixedLabels::mix(Batch& batch, const Tensor& share) const {
  const Tensor own = distribution(batch), part = share.unsqueeze(1);
  batch.set(column_, own.mul(part).add(partners(own).mul(part.neg().add(1))));
}

}  // namespace graft::plugins
