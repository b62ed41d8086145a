#include "calibration_error.hpp"

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

std::size_t bin_of(double confidence, std::size_t bins) {
  const double at = std::ceil(confidence * static_cast<double>(bins)) - 1;
  return at > 0 ? std::min(static_cast<std::size_t>(at), bins - 1) : 0;  // NaN goes to the first bin, and shows in its sum
}

}  // namespace

CalibrationError::CalibrationError(const Config& config)
    : ProbabilityMetric("graft/calibration_error"), bins_(static_cast<std::size_t>(config.integer("bins"))) {}

void CalibrationError::clear() {
  surplus_.assign(bins_, 0);
  rows_ = 0;
}

void CalibrationError::add(const RowScore& score) {
  std::size_t most = 0;
  for (std::size_t c = 1; c < score.probability.size() && !std::isnan(score.probability[most]); ++c)
    if (!(score.probability[c] <= score.probability[most])) most = c;
  const double confidence = score.probability[most];
  surplus_[bin_of(confidence, bins_)] += (static_cast<std::int64_t>(most) == score.truth ? 1 : 0) - confidence;
  ++rows_;
}

void CalibrationError::merge(const Metric& other) {
  const auto& from = dynamic_cast<const CalibrationError&>(other);
  same_classes(from);
  if (from.bins_ != bins_)
    throw Error(where(), "metrics of " + std::to_string(bins_) + " and " + std::to_string(from.bins_) + " bins cannot be merged");
  for (std::size_t b = 0; b < bins_; ++b) surplus_[b] += from.surplus_[b];
  rows_ += from.rows_;
}

double CalibrationError::value() const {
  double sum = 0;
  for (double surplus : surplus_) sum += std::abs(surplus);
  return sum / rows_;  // 0 / 0 is NaN
}

}  // namespace graft::plugins
