#include "similarity.hpp"

#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/full.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/similarity";
constexpr double kSmallest = 1e-8;  // of a length that is divided by

void check_target(const Schema& data, const std::string& target) {
  const Field& field = require(data, target, kName);
  if (field.kind == FieldKind::kClass)
    throw Error(kName, "target must be number or integer, " + target + " is class: use the head classify");
  require(data, target, {FieldKind::kNumber, FieldKind::kInteger}, kName);
}

void check_vectors(const Schema& features, const std::string& first, const std::string& second) {
  const Field& u = require(features, first, {FieldKind::kVector}, kName);
  const Field& v = require(features, second, {FieldKind::kVector}, kName);
  if (u.shape.size() != 1 || u.shape != v.shape)
    throw Error(kName, first + " and " + second + " must be vectors of one width, got " + c10::str(at::IntArrayRef(u.shape)) +
                           " and " + c10::str(at::IntArrayRef(v.shape)));
}

}  // namespace

Similarity::Similarity(const Config& config)
    : target_(config.column("target")),
      first_(config.text("first")),
      second_(config.text("second")),
      is_contrastive_(config.text("loss") == "contrastive"),
      margin_(config.number("margin")) {
  if (!config.has("range")) return;
  range_ = config.numbers("range");
  if (!(range_[0] < range_[1]) || !std::isfinite(range_[1] - range_[0]))
    throw Error(kName, "range must rise, got " + to_json(config.value("range")));
}

void Similarity::build(const Schema& features, const Schema& data, Rng) {
  check_target(data, target_);
  check_vectors(features, first_, second_);
  low_ = register_buffer("low", at::full({}, range_.empty() ? 0.0 : range_[0], at::kDouble));
  high_ = register_buffer("high", at::full({}, range_.empty() ? 1.0 : range_[1], at::kDouble));
}

void Similarity::fit(const Source& training) {
  if (!range_.empty()) return;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (Batches each(training); each.next();) {
    const Tensor target = each.batch().tensor(target_).to(at::kCPU, at::kDouble).contiguous();
    const double* y = target.const_data_ptr<double>();
    for (std::int64_t i = 0; i < target.numel(); ++i)
      if (!std::isnan(y[i])) low = std::min(low, y[i]), high = std::max(high, y[i]);
  }
  if (low > high) throw Error(kName, "target " + target_ + " has no number in the training rows");
  if (!std::isfinite(high - low)) throw Error(kName, "target " + target_ + " must be finite, but is infinite in a training row");
  if (low == high)
    throw Error(kName, "target " + target_ + " must vary, but is " + to_json(Value(low)) + " in all training rows: set range");
  at::NoGradGuard no_grad;
  low_.fill_(low);
  high_.fill_(high);
}

Schema Similarity::outputs() const { return {Field{"value", FieldKind::kNumber, {}, {}}}; }

Scores Similarity::forward(const Batch& features, const Call&) {
  const Tensor u = features.tensor(first_).to(at::kFloat), v = features.tensor(second_).to(at::kFloat);
  return {at::cosine_similarity(u, v, 1, kSmallest), {}};
}

RowLoss Similarity::loss(const Scores& scores, const Batch& batch) const {
  const Tensor z = batch.tensor(target_).to(at::kDouble).sub(low_).div(high_.sub(low_)).to(at::kFloat);
  const Tensor is_label = at::isnan(z).logical_not(), weight = is_label.to(at::kFloat), known = z.nan_to_num(0);
  const Tensor cosine = scores.values.to(at::kFloat);
  if (!is_contrastive_) return {cosine.sub(known).square().mul(weight), weight};
  const Tensor distance = cosine.neg().add(1);
  const Tensor apart = distance.neg().add(margin_).clamp_min(0).square();
  return {distance.square().mul(known).add(apart.mul(known.neg().add(1))).mul(0.5).mul(weight), weight};
}

Batch Similarity::predict(const Scores& scores, const Batch& batch) const {
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("value", scores.values.to(at::kDouble).mul(high_.sub(low_)).add(low_));
  return result;
}

}  // namespace graft::plugins
