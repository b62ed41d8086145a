#include "classify.hpp"

#include <ATen/ops/bincount.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/classify";

// The target's field. throws, naming the step that makes a class of it.
const Field& class_field(const Schema& data, const std::string& target) {
  const Field& field = require(data, target, kName);
  if (field.kind == FieldKind::kClass || field.kind == FieldKind::kSoftClass) return field;
  const std::string is = "target must be a class, " + target + " is " + std::string(kind_name(field.kind));
  if (field.kind == FieldKind::kText || field.kind == FieldKind::kInteger) {
    throw Error(kName, is + ": add a step {\"use\": \"category\", \"column\": \"" + target + "\"}");
  }
  if (field.kind == FieldKind::kNumber) {
    throw Error(kName, is + ": add a step {\"use\": \"binarize\", \"column\": \"" + target + "\"}, or use the head regress");
  }
  throw Error(kName, is);
}

}  // namespace

Classify::Classify(const Config& config)
    : name_(config.name()),
      target_(config.column("target")),
      input_(config.has("input") ? config.text("input") : ""),
      label_smoothing_(config.number("label_smoothing")),
      dropout_(config.number("dropout")),
      class_weights_(config.value("class_weights")) {
  if (!class_weights_.is_text() || class_weights_.text() == "none" || class_weights_.text() == "balanced") return;
  throw Error(kName, "class_weights must be \"none\", \"balanced\" or a list of numbers, got " + to_json(class_weights_));
}

void Classify::build(const Schema& features, const Schema& data, Rng rng) {
  field_ = class_field(data, target_);
  if (field_.classes.empty())
    throw Error(kName, "target " + target_ + " has no classes: no row of the training data has a label");
  if (field_.classes.size() == 1) {
    throw Error(kName, "target " + target_ + " must have two classes or more, has only \"" + field_.classes[0] + "\"");
  }
  const Field& input = head_input(features, input_, name_, kName);
  input_ = input.name;
  is_sparse_ = input.kind == FieldKind::kSparse;
  const double deviation = is_sparse_ ? 0.0 : 0.02;
  classifier_ = register_module("classifier", std::make_shared<nn::Linear>(input.shape.at(0), classes(), rng, true, deviation));
  if (!class_weights_.is_text() || class_weights_.text() != "none") weights_ = register_buffer("class_weights", given_weights());
}

Tensor Classify::given_weights() const {
  if (class_weights_.is_text()) return at::ones({classes()}, at::kFloat);  // balanced: fit() counts
  const Value::List& list = class_weights_.list();
  if (static_cast<std::int64_t>(list.size()) != classes()) {
    throw Error(kName, "class_weights must have one number a class, " + std::to_string(classes()) + ", got " +
                           std::to_string(list.size()));
  }
  std::vector<double> weights;
  double sum = 0;
  for (const Value& value : list) {
    weights.push_back(value.number());
    sum += weights.back();
    if (weights.back() < 0) throw Error(kName, "class_weights must be >= 0, got " + to_json(value));
  }
  if (!(sum > 0) || !std::isfinite(sum)) throw Error(kName, "class_weights must be finite and not all 0");
  return at::tensor(weights, at::kFloat);
}

void Classify::fit(const Source& training) {
  if (!class_weights_.is_text() || class_weights_.text() != "balanced") return;
  Tensor counts = at::zeros({classes()}, at::kDouble);
  for (Batches each(training); each.next();) counts.add_(distribution(each.batch().tensor(target_)).to(at::kDouble).sum(0));
  // A class that no training row has is never weighed by a label; 1 keeps its part of label smoothing finite.
  const Tensor balanced =
      at::where(counts.gt(0), counts.sum().div(counts.mul(static_cast<double>(classes()))), at::ones_like(counts));
  at::NoGradGuard no_grad;
  weights_.copy_(balanced);
}

Schema Classify::outputs() const {
  return {Field{"label", FieldKind::kClass, {}, field_.classes},
          Field{"probability", FieldKind::kSoftClass, {classes()}, field_.classes}};
}

Scores Classify::forward(const Batch& features, const Call& call) {
  if (is_sparse_) return {nn::sparse_linear(features.sparse(input_), classifier_->weight, classifier_->bias), {}};
  return {classifier_->forward(nn::dropout(features.tensor(input_), dropout_, call), call), {}};
}

Tensor Classify::distribution(const Tensor& target) const {
  if (target.dim() == 2) {
    const Tensor is_label = target.sum(1, true).gt(0);  // false for NaN
    return at::where(is_label, target.to(at::kFloat), at::zeros_like(target, at::kFloat));
  }
  const Tensor is_label = target.ne(kMissingClass);
  return at::one_hot(target.mul(is_label), classes()).to(at::kFloat).mul(is_label.unsqueeze(1));
}

RowLoss Classify::loss(const Scores& scores, const Batch& batch) const {
  const Tensor hard = distribution(batch.tensor(target_));
  const Tensor is_label = hard.sum(1).gt(0).to(at::kFloat);
  const Tensor smooth = is_label.mul(label_smoothing_ / static_cast<double>(classes())).unsqueeze(1);
  Tensor soft = hard.mul(1 - label_smoothing_).add(smooth);
  if (weights_.defined()) soft = soft.mul(weights_);
  const Tensor log_p = at::log_softmax(wide(scores.values), 1);
  const Tensor weight = weights_.defined() ? hard.mul(weights_).sum(1) : is_label;
  return {soft.mul(log_p).sum(1).neg(), weight};
}

Batch Classify::predict(const Scores& scores, const Batch& batch) const {
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", scores.values.argmax(1));
  result.set("probability", at::softmax(scores.values.to(at::kFloat), 1));
  return result;
}

}  // namespace graft::plugins
