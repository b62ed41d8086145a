#include "pca.hpp"

#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>

#include <algorithm>
#include <limits>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/pca";
}

Pca::Pca(const Config& config)
    : columns_(config.columns("columns"), kWhere),
      output_(config.name()),
      count_(config.integer("n_components")),
      whiten_(config.flag("whiten")) {}

Schema Pca::outputs(const Schema& inputs) const {
  const std::int64_t width = columns_.width(inputs);
  if (width >= 0 && count_ > width)
    throw Error(kWhere,
                "n_components must be at most the features, " + std::to_string(width) + ", got " + std::to_string(count_));
  return with(inputs, {output_, FieldKind::kVector, {count_}, {}});
}

void Pca::fit(const Source& training) {
  const Tensor all = columns_.all(training);
  if (all.isnan().any().item<bool>())
    throw Error(kWhere, "feature " + std::to_string(all.isnan().any(0).nonzero()[0][0].item<std::int64_t>()) +
                            " must have no missing value, has one in a training row (a step impute before this one fills it in)");
  if (count_ > std::min(all.size(0), all.size(1)))
    throw Error(kWhere, "n_components must be at most the features and the training rows, " +
                            std::to_string(std::min(all.size(0), all.size(1))) + ", got " + std::to_string(count_));
  mean_ = all.mean(0);
  const auto [u, s, v] = at::linalg_svd(all.sub(mean_), false);
  const Tensor first = v.narrow(0, 0, count_);
  const Tensor sign = first.gather(1, first.abs().argmax(1, true)).sign();
  components_ = first.mul(sign).contiguous();
  variance_ = s.narrow(0, 0, count_).square().div(static_cast<double>(std::max<std::int64_t>(all.size(0) - 1, 1))).contiguous();
}

void Pca::refuse_missing(const Tensor& values, const Batch& batch) const {
  const Tensor missing = values.isnan();
  if (!missing.any().item<bool>()) return;
  throw Error(kWhere, "column " + columns_.name(batch, missing.nonzero()[0][1].item<std::int64_t>()) +
                          " must have no missing value (a step impute before this one fills it in)");
}

void Pca::transform(Batch& batch) const {
  if (!mean_.defined()) throw Error(kWhere, "transform needs the directions: call fit or restore first");
  const Tensor values = columns_.of(batch, mean_.size(0));
  refuse_missing(values, batch);
  Tensor along = at::mm(values.sub(mean_), components_.t());
  if (whiten_) along = along.div(variance_.sqrt().clamp_min(std::numeric_limits<double>::epsilon()));
  batch.set(output_, along);
}

State Pca::state() const {
  if (!mean_.defined()) return {};
  return {{{"mean", mean_}, {"components", components_}, {"variance", variance_}}, {}};
}

void Pca::restore(const State& state) {
  mean_ = tensor_in(state, "mean", kWhere);
  components_ = tensor_in(state, "components", kWhere);
  variance_ = tensor_in(state, "variance", kWhere);
}

}  // namespace graft::plugins
