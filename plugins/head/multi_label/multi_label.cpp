#include "multi_label.hpp"

#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/multi_label";

// The target's field. throws, naming the step that makes a set of it.
const Field& set_field(const Schema& data, const std::string& target) {
  const Field& field = require(data, target, kName);
  if (field.kind == FieldKind::kLabelSet) return field;
  const std::string is = "target must be a label set, " + target + " is " + std::string(kind_name(field.kind));
  if (field.kind == FieldKind::kText || field.kind == FieldKind::kInteger || field.kind == FieldKind::kNumber)
    throw Error(kName, is + ": add a step {\"use\": \"label_set\", \"columns\": \"" + target + "\"}");
  if (field.kind == FieldKind::kClass) throw Error(kName, is + ": use the head classify, for one class a row");
  throw Error(kName, is);
}

}  // namespace

MultiLabel::MultiLabel(const Config& config)
    : name_(config.name()),
      target_(config.column("target")),
      input_(config.has("input") ? config.text("input") : ""),
      threshold_(config.number("threshold")),
      dropout_(config.number("dropout")),
      positive_weight_(config.value("positive_weight")) {
  if (positive_weight_.is_text() && positive_weight_.text() != "balanced")
    throw Error(kName, "positive_weight must be a number, a list of numbers or \"balanced\", got " + to_json(positive_weight_));
}

void MultiLabel::build(const Schema& features, const Schema& data, Rng rng) {
  field_ = set_field(data, target_);
  if (field_.classes.empty()) throw Error(kName, "target " + target_ + " has no classes");
  const Field& input = head_input(features, input_, name_, kName);
  input_ = input.name;
  is_sparse_ = input.kind == FieldKind::kSparse;
  const double deviation = is_sparse_ ? 0.0 : 0.02;
  classifier_ = register_module("classifier", std::make_shared<nn::Linear>(input.shape.at(0), classes(), rng, true, deviation));
  if (!(positive_weight_ == Value(1))) weights_ = register_buffer("positive_weight", given_weights());
}

Tensor MultiLabel::given_weights() const {
  if (is_balanced()) return at::ones({classes()}, at::kFloat);  // fit() counts
  if (!positive_weight_.is_list()) return at::full({classes()}, positive_weight_.number(), at::kFloat);
  std::vector<double> weights;
  for (const Value& value : positive_weight_.list()) weights.push_back(value.number());
  if (static_cast<std::int64_t>(weights.size()) != classes())
    throw Error(kName, "positive_weight must have one number a class, " + std::to_string(classes()) + ", got " +
                           std::to_string(weights.size()));
  return at::tensor(weights, at::kFloat);
}

void MultiLabel::fit(const Source& training) {
  if (!is_balanced()) return;
  Tensor with = at::zeros({classes()}, at::kDouble), without = at::zeros({classes()}, at::kDouble);
  for (Batches each(training); each.next();) {
    const Tensor target = each.batch().tensor(target_).to(at::kDouble);
    with.add_(target.nansum(0));
    without.add_(target.neg().add(1).nansum(0));
  }
  at::NoGradGuard no_grad;
  weights_.copy_(at::where(with.mul(without).gt(0), without.div(with), at::ones_like(with)));
}

Schema MultiLabel::outputs() const {
  return {Field{"label", FieldKind::kLabelSet, {classes()}, field_.classes},
          Field{"probability", FieldKind::kLabelSet, {classes()}, field_.classes}};
}

Scores MultiLabel::forward(const Batch& features, const Call& call) {
  if (is_sparse_) return {nn::sparse_linear(features.sparse(input_), classifier_->weight, classifier_->bias), {}};
  return {classifier_->forward(nn::dropout(features.tensor(input_), dropout_, call), call), {}};
}

RowLoss MultiLabel::loss(const Scores& scores, const Batch& batch) const {
  const Tensor score = wide(scores.values), target = batch.tensor(target_).to(score.scalar_type());
  const Tensor is_known = target.isnan().logical_not().to(score.scalar_type());
  const std::optional<Tensor> weights = weights_.defined() ? std::optional<Tensor>(weights_) : std::nullopt;
  const Tensor each = at::binary_cross_entropy_with_logits(score, target.nan_to_num(0), is_known, weights, at::Reduction::None);
  return {each.mean(1), is_known.mean(1)};
}

Batch MultiLabel::predict(const Scores& scores, const Batch& batch) const {
  const Tensor p = at::sigmoid(scores.values.to(at::kFloat));
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", p.gt(threshold_).to(at::kFloat));
  result.set("probability", p);
  return result;
}

}  // namespace graft::plugins
