#include "probabilities.hpp"

#include "graft/error.hpp"
#include "predictions.hpp"

namespace graft::plugins {

ProbabilityMetric::ProbabilityMetric(std::string where) : where_(std::move(where)) {}

void ProbabilityMetric::build(const Schema& predictions, const Field& target) {
  class_prediction(predictions, "probability", target, where_);
  target_ = target.name;
  classes_ = static_cast<std::int64_t>(target.classes.size());
  clear();
}

void ProbabilityMetric::update(const Batch& predictions, const Batch& truth) {
  const Tensor labels = class_labels(truth.tensor(target_));
  const Tensor scores = predictions.tensor("probability").to(at::kDouble).contiguous();
  if (scores.dim() != 2 || scores.size(0) != labels.numel() || scores.size(1) != classes_)
    throw Error(where_, "probabilities must be [" + std::to_string(labels.numel()) + ", " + std::to_string(classes_) +
                            "], one a class for each label, got " + c10::str(scores.sizes()));
  const std::int64_t* label = labels.const_data_ptr<std::int64_t>();
  const double* score = scores.const_data_ptr<double>();
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (label[row] == kMissingClass) continue;
    check_class("a label", label[row], classes_, where_);
    add({{score + row * classes_, static_cast<std::size_t>(classes_)}, label[row]});
  }
}

void ProbabilityMetric::same_classes(const ProbabilityMetric& other) const {
  if (other.classes_ != classes_)
    throw Error(where_, "metrics of " + std::to_string(classes_) + " and " + std::to_string(other.classes_) +
                            " classes cannot be merged");
}

}  // namespace graft::plugins
