#include "confusion.hpp"

#include <numeric>

#include "graft/error.hpp"
#include "predictions.hpp"

namespace graft::plugins {
namespace {

const std::int64_t* int64s(const Tensor& tensor) { return tensor.const_data_ptr<std::int64_t>(); }

void add(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

ConfusionMetric::ConfusionMetric(std::string where) : where_(std::move(where)) {}

void ConfusionMetric::build(const Schema& predictions, const Field& target) {
  class_prediction(predictions, "label", target, where_);
  target_ = target.name;
  total_ = squared_distances_ = 0;
  for (auto* counts : {&hits_, &truth_, &predicted_}) counts->assign(target.classes.size(), 0);
}

void ConfusionMetric::update(const Batch& predictions, const Batch& truth) {
  const Tensor labels = class_labels(truth.tensor(target_)), guesses = predictions.tensor("label").to(at::kLong).contiguous();
  same_rows(guesses, labels, where_);
  const std::int64_t *label = int64s(labels), *guess = int64s(guesses);
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (label[row] == kMissingClass) continue;
    check_class("a label", label[row], classes(), where_);
    check_class("a predicted label", guess[row], classes(), where_);
    ++total_;
    ++truth_[label[row]];
    ++predicted_[guess[row]];
    if (label[row] == guess[row]) ++hits_[label[row]];
    squared_distances_ += (label[row] - guess[row]) * (label[row] - guess[row]);
  }
}

void ConfusionMetric::merge(const Metric& other) {
  const auto& from = dynamic_cast<const ConfusionMetric&>(other);
  if (from.classes() != classes())
    throw Error(where_, "metrics of " + std::to_string(classes()) + " and " + std::to_string(from.classes()) +
                            " classes cannot be merged");
  total_ += from.total_;
  squared_distances_ += from.squared_distances_;
  add(hits_, from.hits_);
  add(truth_, from.truth_);
  add(predicted_, from.predicted_);
}

double ConfusionMetric::all_hits() const {
  return static_cast<double>(std::accumulate(hits_.begin(), hits_.end(), std::int64_t{0}));
}

}  // namespace graft::plugins
