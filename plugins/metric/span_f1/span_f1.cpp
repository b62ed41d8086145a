#include "span_f1.hpp"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "../predictions.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/span_f1";

std::span<const std::int64_t> row_of(const Tensor& values, const Tensor& offsets, std::int64_t row) {
  const std::int32_t* at = offsets.const_data_ptr<std::int32_t>() + row;
  return {values.const_data_ptr<std::int64_t>() + at[0], static_cast<std::size_t>(at[1] - at[0])};
}

}  // namespace

SpanF1::SpanF1(const Config& config) : mode_(config.text("mode") == "strict" ? SpanMode::kStrict : SpanMode::kDefault) {}

void SpanF1::build(const Schema& predictions, const Field& target) {
  if (target.kind != FieldKind::kTags)
    throw Error(kName, "is for tags, column " + target.name + " is " + std::string(kind_name(target.kind)) + "; use f1");
  class_prediction(predictions, "label", target, kName);
  target_ = target.name;
  tags_ = span_tags(target.classes, mode_, target.name, kName);
  words_ = hits_ = true_ = predicted_ = 0;
}

void SpanF1::update(const Batch& predictions, const Batch& truth) {
  const Ragged &guesses = predictions.ragged("label"), &labels = truth.ragged(target_);
  if (!guesses.offsets.equal(labels.offsets)) throw Error(kName, "predictions and tags must be of the same words in every row");
  const Tensor guess = guesses.values.contiguous(), label = labels.values.contiguous(), offsets = labels.offsets.contiguous();
  for (std::int64_t row = 0; row < truth.size(); ++row) add_row(row_of(guess, offsets, row), row_of(label, offsets, row));
}

void SpanF1::add_row(std::span<const std::int64_t> predicted, std::span<const std::int64_t> truth) {
  std::vector<SpanTag> guesses, labels;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == kMissingClass) continue;
    labels.push_back(tag_of(truth[i]));
    guesses.push_back(predicted[i] == kMissingClass ? SpanTag() : tag_of(predicted[i]));
  }
  const std::vector<Span> of_truth = spans_of(labels, mode_), of_guess = spans_of(guesses, mode_);
  std::vector<Span> both;
  std::set_intersection(of_truth.begin(), of_truth.end(), of_guess.begin(), of_guess.end(), std::back_inserter(both));
  words_ += static_cast<std::int64_t>(labels.size());
  hits_ += static_cast<std::int64_t>(both.size());
  true_ += static_cast<std::int64_t>(of_truth.size());
  predicted_ += static_cast<std::int64_t>(of_guess.size());
}

SpanTag SpanF1::tag_of(std::int64_t label) const {
  check_class("a tag", label, static_cast<std::int64_t>(tags_.size()), kName);
  return tags_[static_cast<std::size_t>(label)];
}

void SpanF1::merge(const Metric& other) {
  const auto& from = dynamic_cast<const SpanF1&>(other);
  if (from.tags_ != tags_ || from.mode_ != mode_) throw Error(kName, "metrics of other tags or modes cannot be merged");
  words_ += from.words_;
  hits_ += from.hits_;
  true_ += from.true_;
  predicted_ += from.predicted_;
}

double SpanF1::value() const {
  if (words_ == 0) return std::nan("");
  const auto spans = static_cast<double>(true_ + predicted_);
  return spans == 0 ? 0 : 2 * static_cast<double>(hits_) / spans;
}

}  // namespace graft::plugins
