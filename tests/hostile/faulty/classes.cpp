#include "classes.hpp"

#include <ATen/Functions.h>

#include "fault.hpp"

namespace faulty {
namespace {
using namespace graft;
}

void Classes::build(const Schema& features, const Schema& data, Rng rng) {
  const Field& field = require(data, target_, {FieldKind::kClass}, "acme/classes");
  names_ = field.classes;
  const Field& input = require(features, "features", {FieldKind::kVector}, "acme/classes");
  layer_ = register_module(
      "layer", std::make_shared<nn::Linear>(input.shape.at(0), static_cast<std::int64_t>(names_.size()), rng.fork("layer")));
  scale_ = has("state outside") ? at::ones({1}) : register_buffer("scale", at::ones({1}));
}

void Classes::fit(const Source& training) { scale_.add_(1.0 / static_cast<double>(training.size())); }

Schema Classes::outputs() const {
  return {{"label", FieldKind::kClass, {}, names_},
          {"probability", FieldKind::kSoftClass, {static_cast<std::int64_t>(names_.size())}, names_}};
}

Scores Classes::forward(const Batch& features, const Call& call) {
  const Tensor& x = features.tensor("features");
  if (has("no empty batch")) TORCH_CHECK(x.size(0) > 0, "max(): Expected reduction dim to be specified");
  const Tensor y = layer_->forward(has("features detached") ? x.detach() : x, call).mul(scale_);
  return {y, {}};
}

RowLoss Classes::loss(const Scores& scores, const Batch& batch) const {
  const Tensor target = batch.tensor(target_);
  const Tensor known = has("mask forgotten") ? at::ones_like(target, at::kFloat) : target.ne(kMissingClass).to(at::kFloat);
  const Tensor log_p = at::log_softmax(scores.values, 1);
  const Tensor value = log_p.gather(1, target.clamp_min(0).unsqueeze(1)).squeeze(1).neg().mul(known);
  if (has("loss averaged")) return {value.mean(), known.mean()};
  if (has("loss averaged and spread")) return {value.mean().expand_as(value), known};
  if (has("wrong slope")) return {value.mul(1.3).sub(value.detach().mul(0.3)), known};
  if (has("NaN where no label is")) return {value.div(known), known};
  return {value, known};
}

Batch Classes::predict(const Scores& scores, const Batch& batch) const {
  Tensor values = scores.values;
  if (has("rows that know each other")) values = values.sub(values.mean(0, true));
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", values.argmax(1));
  result.set("probability", at::softmax(values, 1));
  return result;
}

}  // namespace faulty
