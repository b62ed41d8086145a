#include "ordinal.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/logit.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/ordinal";

// throws, naming the step that makes classes in order, where the target is no class.
void check_kind(const Field& field) {
  if (field.kind == FieldKind::kClass || field.kind == FieldKind::kSoftClass) return;
  const std::string is = "target must be a class, " + field.name + " is " + std::string(kind_name(field.kind));
  const std::string step = ": add a step {\"use\": \"category\", \"column\": \"" + field.name + "\"";
  if (field.kind == FieldKind::kInteger) throw Error(kName, is + step + "}");
  if (field.kind == FieldKind::kText) throw Error(kName, is + step + ", \"classes\": [...]} with its values from low to high");
  if (field.kind == FieldKind::kNumber) throw Error(kName, is + ": use the head regress");
  throw Error(kName, is);
}

// [C - 1] double: where a score of 0 is over threshold k with probability 1 - (k + 1) / C.
Tensor even_thresholds(std::int64_t classes) {
  return at::logit(at::arange(1, classes, at::kDouble).div(static_cast<double>(classes)));
}

// [B, C - 1]: the share of each row above class k, in [0, 1]; and [B]: 1 where the row has a label, else 0.
std::pair<Tensor, Tensor> above(const Tensor& target, std::int64_t classes) {
  if (target.dim() == 1) {
    const Tensor k = at::arange(classes - 1, target.options());
    return {target.unsqueeze(1).gt(k).to(at::kFloat), target.ne(kMissingClass).to(at::kFloat)};
  }
  const Tensor is_label = target.sum(1).gt(0);  // false for NaN
  const Tensor soft = at::where(is_label.unsqueeze(1), target.to(at::kFloat), at::zeros_like(target, at::kFloat));
  return {soft.flip(1).cumsum(1).flip(1).narrow(1, 1, classes - 1), is_label.to(at::kFloat)};
}

}  // namespace

Ordinal::Ordinal(const Config& config)
    : name_(config.name()),
      target_(config.column("target")),
      input_(config.has("input") ? config.text("input") : ""),
      dropout_(config.number("dropout")) {}

void Ordinal::build(const Schema& features, const Schema& data, Rng rng) {
  field_ = require(data, target_, kName);
  check_kind(field_);
  if (field_.classes.empty())
    throw Error(kName, "target " + target_ + " has no classes: no row of the training data has a label");
  if (field_.classes.size() == 1)
    throw Error(kName, "target " + target_ + " must have two classes or more, has only \"" + field_.classes[0] + "\"");
  const Field& input = head_input(features, input_, name_, kName);
  input_ = input.name;
  is_sparse_ = input.kind == FieldKind::kSparse;
  const double deviation = is_sparse_ ? 0.0 : 0.02;
  ranker_ = register_module("ranker", std::make_shared<nn::Linear>(input.shape.at(0), 1, rng, false, deviation));
  const Tensor even = even_thresholds(classes());
  first_ = register_parameter("first", even.narrow(0, 0, 1).to(at::kFloat));
  if (classes() > 2) gaps_ = register_parameter("gaps", even.diff().expm1().log().to(at::kFloat));  // softplus turned round
}

Schema Ordinal::outputs() const {
  return {Field{"label", FieldKind::kClass, {}, field_.classes},
          Field{"probability", FieldKind::kSoftClass, {classes()}, field_.classes}};
}

Tensor Ordinal::thresholds() const { return gaps_.defined() ? at::cat({first_, at::softplus(gaps_)}).cumsum(0) : first_; }

Scores Ordinal::forward(const Batch& features, const Call& call) {
  const Tensor score = is_sparse_ ? nn::sparse_linear(features.sparse(input_), ranker_->weight, {})
                                  : ranker_->forward(nn::dropout(features.tensor(input_), dropout_, call), call);
  return {wide(score).sub(thresholds()), {}};
}

RowLoss Ordinal::loss(const Scores& scores, const Batch& batch) const {
  const auto [share, weight] = above(batch.tensor(target_), classes());
  const Tensor score = wide(scores.values);
  const Tensor each = at::binary_cross_entropy_with_logits(score, share.to(score.scalar_type()), {}, {}, at::Reduction::None);
  return {each.sum(1).mul(weight), weight};
}

Batch Ordinal::predict(const Scores& scores, const Batch& batch) const {
  const Tensor over = at::sigmoid(scores.values.to(at::kFloat));
  const Tensor ends = at::ones({over.size(0), 1}, over.options());
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", scores.values.gt(0).sum(1));
  result.set("probability", at::cat({ends, over}, 1).sub(at::cat({over, at::zeros_like(ends)}, 1)).clamp_min(0));
  return result;
}

}  // namespace graft::plugins
