#include "confusion.hpp"

#include <ATen/Functions.h>

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
  const Field& label = prediction(predictions, "label", where_);
  require({target}, target.name, {FieldKind::kClass, FieldKind::kSoftClass}, where_);
  if (label.classes.size() != target.classes.size())
    throw Error(where_, "predictions and column " + target.name + " must have the same classes, got " +
                            std::to_string(label.classes.size()) + " and " + std::to_string(target.classes.size()));
  target_ = target.name;
  soft_ = target.kind == FieldKind::kSoftClass;
  total_ = 0;
  for (auto* counts : {&hits_, &truth_, &predicted_}) counts->assign(target.classes.size(), 0);
}

Tensor ConfusionMetric::labels_of(const Batch& truth) const {
  const Tensor& column = truth.tensor(target_);
  if (!soft_) return column.to(at::kLong).contiguous();
  const Tensor largest = column.argmax(1);
  return at::where(column.sum(1).gt(0), largest, at::full_like(largest, kMissingClass)).contiguous();  // NaN > 0 is false
}

void ConfusionMetric::update(const Batch& predictions, const Batch& truth) {
  const Tensor labels = labels_of(truth), guesses = predictions.tensor("label").to(at::kLong).contiguous();
  same_rows(guesses, labels, where_);
  const std::int64_t *label = int64s(labels), *guess = int64s(guesses);
  auto check = [&](const char* what, std::int64_t c) {
    if (c < 0 || c >= classes())
      throw Error(where_, std::string(what) + " must be in [0, " + std::to_string(classes()) + "), got " + std::to_string(c));
  };
  for (std::int64_t row = 0; row < labels.numel(); ++row) {
    if (label[row] == kMissingClass) continue;
    check("a label", label[row]);
    check("a predicted label", guess[row]);
    ++total_;
    ++truth_[label[row]];
    ++predicted_[guess[row]];
    if (label[row] == guess[row]) ++hits_[label[row]];
  }
}

void ConfusionMetric::merge(const Metric& other) {
  const auto& from = dynamic_cast<const ConfusionMetric&>(other);
  if (from.classes() != classes())
    throw Error(where_, "metrics of " + std::to_string(classes()) + " and " + std::to_string(from.classes()) +
                            " classes cannot be merged");
  total_ += from.total_;
  add(hits_, from.hits_);
  add(truth_, from.truth_);
  add(predicted_, from.predicted_);
}

double ConfusionMetric::all_hits() const {
  return static_cast<double>(std::accumulate(hits_.begin(), hits_.end(), std::int64_t{0}));
}

}  // namespace graft::plugins
