#include "label_sets.hpp"

#include <ATen/Functions.h>

#include "graft/error.hpp"
#include "predictions.hpp"

namespace graft::plugins {
namespace {

double count(const Tensor& flags) { return static_cast<double>(flags.sum().item<std::int64_t>()); }

}  // namespace

LabelSetMetric::LabelSetMetric(std::string where, std::string instead) : where_(std::move(where)), instead_(std::move(instead)) {}

void LabelSetMetric::build(const Schema& predictions, const Field& target) {
  if (target.kind != FieldKind::kLabelSet)
    throw Error(where_,
                "is for label sets, column " + target.name + " is " + std::string(kind_name(target.kind)) + "; use " + instead_);
  class_prediction(predictions, "label", target, where_, Counts::kSetsToo);
  target_ = target.name;
  classes_ = static_cast<std::int64_t>(target.classes.size());
  pairs_ = rows_ = {};
}

void LabelSetMetric::update(const Batch& predictions, const Batch& truth) {
  const Tensor& labels = truth.tensor(target_);
  const Tensor& guesses = predictions.tensor("label");
  same_sets(guesses, labels, classes_, where_);
  const Tensor is_known = labels.isnan().logical_not();
  const Tensor is_right = labels.gt(0.5).eq(guesses.gt(0.5)).logical_and(is_known);
  pairs_.all += count(is_known);
  pairs_.right += count(is_right);
  rows_.all += count(is_known.all(1));
  rows_.right += count(is_right.all(1));
}

void LabelSetMetric::merge(const Metric& other) {
  const auto& from = dynamic_cast<const LabelSetMetric&>(other);
  if (from.classes_ != classes_)
    throw Error(where_,
                "metrics of " + std::to_string(classes_) + " and " + std::to_string(from.classes_) + " classes cannot be merged");
  pairs_ = {pairs_.all + from.pairs_.all, pairs_.right + from.pairs_.right};
  rows_ = {rows_.all + from.rows_.all, rows_.right + from.rows_.right};
}

}  // namespace graft::plugins
