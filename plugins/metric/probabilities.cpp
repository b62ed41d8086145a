#include "probabilities.hpp"

#include "graft/error.hpp"

namespace graft::plugins {

ProbabilityMetric::ProbabilityMetric(std::string where, Counts counts) : where_(std::move(where)), counts_(counts) {}

void ProbabilityMetric::build(const Schema& predictions, const Field& target) {
  class_prediction(predictions, "probability", target, where_, counts_);
  target_ = target.name;
  is_set_ = target.kind == FieldKind::kLabelSet;
  classes_ = static_cast<std::int64_t>(target.classes.size());
  clear();
}

Tensor ProbabilityMetric::probabilities_of(const Batch& predictions, std::int64_t rows) const {
  const Tensor scores = entries_of(predictions, "probability").to(at::kDouble).contiguous();
  if (scores.dim() == 2 && scores.size(0) == rows && scores.size(1) == classes_) return scores;
  throw Error(where_, "probabilities must be [" + std::to_string(rows) + ", " + std::to_string(classes_) +
                          "], one a class for each label, got " + c10::str(scores.sizes()));
}

void ProbabilityMetric::update(const Batch& predictions, const Batch& truth) {
  if (is_set_) return update_sets(truth.tensor(target_), predictions);
  const Tensor labels = class_labels(entries_of(truth, target_)), scores = probabilities_of(predictions, labels.numel());
  const std::int64_t* label = labels.const_data_ptr<std::int64_t>();
  const double* score = scores.const_data_ptr<double>();
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (label[row] == kMissingClass) continue;
    check_class("a label", label[row], classes_, where_);
    add({{score + row * classes_, static_cast<std::size_t>(classes_)}, label[row], {}});
  }
}

void ProbabilityMetric::update_sets(const Tensor& sets, const Batch& predictions) {
  const Tensor truths = sets.to(at::kFloat).contiguous(), scores = probabilities_of(predictions, sets.size(0));
  same_sets(scores, truths, classes_, where_);
  const float* set = truths.const_data_ptr<float>();
  const double* score = scores.const_data_ptr<double>();
  const auto width = static_cast<std::size_t>(classes_);
  for (std::int64_t row = 0; row < sets.size(0); ++row)
    add({{score + row * classes_, width}, kMissingClass, {set + row * classes_, width}});
}

void ProbabilityMetric::same_classes(const ProbabilityMetric& other) const {
  if (other.classes_ != classes_)
    throw Error(where_, "metrics of " + std::to_string(classes_) + " and " + std::to_string(other.classes_) +
                            " classes cannot be merged");
}

}  // namespace graft::plugins
