#include "confusion.hpp"

#include <cmath>
#include <numeric>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

const std::int64_t* int64s(const Tensor& tensor) { return tensor.const_data_ptr<std::int64_t>(); }

void add(std::vector<std::int64_t>& to, const std::vector<std::int64_t>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

double sum(const std::vector<std::int64_t>& counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
}

}  // namespace

ConfusionMetric::ConfusionMetric(std::string where, Counts counts) : where_(std::move(where)), counts_(counts) {}

void ConfusionMetric::build(const Schema& predictions, const Field& target) {
  class_prediction(predictions, "label", target, where_, counts_);
  target_ = target.name;
  is_set_ = target.kind == FieldKind::kLabelSet;
  total_ = squared_distances_ = 0;
  for (auto* counts : {&hits_, &truth_, &predicted_}) counts->assign(target.classes.size(), 0);
}

void ConfusionMetric::update(const Batch& predictions, const Batch& truth) {
  if (is_set_) return update_sets(truth.tensor(target_), predictions.tensor("label"));
  const Tensor labels = class_labels(entries_of(truth, target_));
  const Tensor guesses = entries_of(predictions, "label").to(at::kLong).contiguous();
  same_rows(guesses, labels, where_);
  const std::int64_t *label = int64s(labels), *guess = int64s(guesses);
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (label[row] == kMissingClass) continue;
    check_class("a label", label[row], classes(), where_);
    ++total_;
    ++truth_[label[row]];
    if (guess[row] == kMissingClass) continue;
    check_class("a predicted label", guess[row], classes(), where_);
    ++predicted_[guess[row]];
    if (label[row] == guess[row]) ++hits_[label[row]];
    squared_distances_ += (label[row] - guess[row]) * (label[row] - guess[row]);
  }
}

void ConfusionMetric::update_sets(const Tensor& labels, const Tensor& guesses) {
  same_sets(guesses, labels, classes(), where_);
  const Tensor truths = labels.to(at::kFloat).contiguous(), predicted = guesses.to(at::kFloat).contiguous();
  const float *truth = truths.const_data_ptr<float>(), *guess = predicted.const_data_ptr<float>();
  for (std::int64_t i = 0; i < truths.numel(); ++i) {
    if (std::isnan(truth[i])) continue;
    const std::int64_t c = i % classes();
    const bool is_true = truth[i] > 0.5F, is_predicted = guess[i] > 0.5F;
    ++total_;
    truth_[c] += is_true;
    predicted_[c] += is_predicted;
    hits_[c] += is_true && is_predicted;
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

double ConfusionMetric::all_hits() const { return sum(hits_); }
double ConfusionMetric::all_truth() const { return sum(truth_); }
double ConfusionMetric::all_predicted() const { return sum(predicted_); }

}  // namespace graft::plugins
