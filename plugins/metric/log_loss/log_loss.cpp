#include "log_loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace graft::plugins {

LogLoss::LogLoss(const Config&) : ProbabilityMetric("graft/log_loss") {}

void LogLoss::clear() { sum_ = rows_ = 0; }

void LogLoss::add(const RowScore& score) {
  constexpr double kStep = std::numeric_limits<float>::epsilon();
  sum_ -= std::log(std::clamp(score.probability[score.truth], kStep, 1 - kStep));  // clamp passes NaN on
  ++rows_;
}

void LogLoss::merge(const Metric& other) {
  const auto& from = dynamic_cast<const LogLoss&>(other);
  same_classes(from);
  sum_ += from.sum_;
  rows_ += from.rows_;
}

double LogLoss::value() const { return sum_ / rows_; }  // 0 / 0 is NaN

}  // namespace graft::plugins
