#include "svm.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/svm";

void check_target(const Field& field) {
  const bool is_class = field.kind == FieldKind::kClass || field.kind == FieldKind::kSoftClass;
  if (!is_class) {
    const bool has_values = field.kind == FieldKind::kText || field.kind == FieldKind::kInteger;
    const std::string step = has_values ? "category" : field.kind == FieldKind::kNumber ? "binarize" : "";
    throw Error(kName, "target must be a class, " + field.name + " is " + std::string(kind_name(field.kind)) +
                           (step.empty() ? "" : ": add a step {\"use\": \"" + step + "\", \"column\": \"" + field.name + "\"}"));
  }
  if (field.classes.empty())
    throw Error(kName, "target " + field.name + " has no classes: no row of the training data has a label");
  if (field.classes.size() == 1)
    throw Error(kName, "target " + field.name + " must have two classes or more, has only \"" + field.classes[0] + "\"");
}

Tensor both_sides(const Tensor& scores) { return scores.size(1) == 1 ? at::cat({scores.neg(), scores}, 1) : scores; }

}  // namespace

Svm::Svm(const Config& config)
    : name_(config.name()),
      target_(config.column("target")),
      input_(config.has("input") ? config.text("input") : ""),
      dropout_(config.number("dropout")) {}

void Svm::build(const Schema& features, const Schema& data, Rng rng) {
  field_ = require(data, target_, kName);
  check_target(field_);
  const Field& input = head_input(features, input_, name_, kName);
  input_ = input.name;
  is_sparse_ = input.kind == FieldKind::kSparse;
  const std::int64_t scores = classes() == 2 ? 1 : classes();
  const double deviation = is_sparse_ ? 0.0 : 0.02;
  classifier_ = register_module("classifier", std::make_shared<nn::Linear>(input.shape.at(0), scores, rng, true, deviation));
}

Schema Svm::outputs() const {
  return {Field{"label", FieldKind::kClass, {}, field_.classes},
          Field{"probability", FieldKind::kSoftClass, {classes()}, field_.classes}};
}

Scores Svm::forward(const Batch& features, const Call& call) {
  if (is_sparse_) return {nn::sparse_linear(features.sparse(input_), classifier_->weight, classifier_->bias), {}};
  return {classifier_->forward(nn::dropout(features.tensor(input_), dropout_, call), call), {}};
}

Tensor Svm::shares(const Tensor& target) const {
  if (target.dim() == 2) {
    const Tensor is_label = target.sum(1, true).gt(0);  // false for NaN
    return at::where(is_label, target.to(at::kFloat), at::zeros_like(target, at::kFloat));
  }
  const Tensor is_label = target.ne(kMissingClass);
  return at::one_hot(target.mul(is_label), classes()).to(at::kFloat).mul(is_label.unsqueeze(1));
}

RowLoss Svm::loss(const Scores& scores, const Batch& batch) const {
  const Tensor s = wide(scores.values), all = shares(batch.tensor(target_)).to(s.scalar_type());
  const Tensor weight = all.sum(1).gt(0).to(s.scalar_type());
  const Tensor t = s.size(1) == 1 ? all.narrow(1, 1, 1) : all;
  const Tensor inside = s.neg().add(1).clamp_min(0).square(), outside = s.add(1).clamp_min(0).square();
  return {t.mul(inside).add(t.neg().add(1).mul(outside)).sum(1).mul(weight), weight};
}

Batch Svm::predict(const Scores& scores, const Batch& batch) const {
  const Tensor both = both_sides(wide(scores.values)).to(at::kFloat);
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", both.argmax(1));
  result.set("probability", at::softmax(both, 1));
  return result;
}

}  // namespace graft::plugins
