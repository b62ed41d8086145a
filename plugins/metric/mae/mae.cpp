#include "mae.hpp"

#include <cmath>

namespace graft::plugins {

Mae::Mae(const Config&) : NumberMetric("graft/mae") {}

void Mae::clear() { sum_ = rows_ = 0; }

void Mae::add(const NumberPairs& pairs) {
  for (std::size_t i = 0; i < pairs.truth.size(); ++i) sum_ += std::abs(pairs.predicted[i] - pairs.truth[i]);
  rows_ += static_cast<double>(pairs.truth.size());
}

void Mae::merge(const Metric& other) {
  const auto& from = dynamic_cast<const Mae&>(other);
  sum_ += from.sum_;
  rows_ += from.rows_;
}

double Mae::value() const { return sum_ / rows_; }  // 0 / 0 is NaN

}  // namespace graft::plugins
