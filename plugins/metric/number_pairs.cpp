#include "number_pairs.hpp"

#include <cmath>

#include "predictions.hpp"

namespace graft::plugins {

NumberMetric::NumberMetric(std::string where) : where_(std::move(where)) {}

void NumberMetric::build(const Schema& predictions, const Field& target) {
  prediction(predictions, "value", where_);
  require({target}, target.name, {FieldKind::kNumber, FieldKind::kInteger}, where_);
  target_ = target.name;
  clear();
}

void NumberMetric::update(const Batch& predictions, const Batch& truth) {
  const Tensor guesses = predictions.tensor("value").to(at::kDouble).contiguous();
  const Tensor labels = truth.tensor(target_).to(at::kDouble).contiguous();
  same_rows(guesses, labels, where_);
  const double *guess = guesses.const_data_ptr<double>(), *label = labels.const_data_ptr<double>();
  NumberPairs pairs;
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (std::isnan(label[row])) continue;
    pairs.predicted.push_back(guess[row]);
    pairs.truth.push_back(label[row]);
  }
  add(pairs);
}

}  // namespace graft::plugins
