#include "rmse.hpp"

#include <cmath>

namespace graft::plugins {

Rmse::Rmse(const Config&) : NumberMetric("graft/rmse") {}

void Rmse::clear() { sum_ = rows_ = 0; }

void Rmse::add(const NumberPairs& pairs) {
  for (std::size_t i = 0; i < pairs.truth.size(); ++i) sum_ += std::pow(pairs.predicted[i] - pairs.truth[i], 2);
  rows_ += static_cast<double>(pairs.truth.size());
}

void Rmse::merge(const Metric& other) {
  const auto& from = dynamic_cast<const Rmse&>(other);
  sum_ += from.sum_;
  rows_ += from.rows_;
}

double Rmse::value() const { return std::sqrt(sum_ / rows_); }  // 0 / 0 is NaN

}  // namespace graft::plugins
