// R2: coefficient of determination: the share of the target's variance that the predictions explain.
//
//   formula  1 - sum of (truth - predicted)^2 / sum of (truth - mean of truth)^2
//   value    at most 1, 0 for a constant at the mean, negative for worse; NaN for fewer than 2 rows, where all labels are equal,
//            or a prediction is NaN
//   source   scikit-learn, sklearn.metrics.r2_score
//   differs  where all labels are equal scikit-learn gives 1 or 0 by default (force_finite)
//   errors   see number_pairs.hpp
#pragma once

#include "../moments.hpp"
#include "../number_pairs.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class R2 final : public NumberMetric {
 public:
  explicit R2(const Config&);
  void merge(const Metric& other) override;
  double value() const override;

 private:
  void clear() override;
  void add(const NumberPairs& pairs) override;
  Moments moments_;
  double residual_ = 0;  // sum of (truth - predicted)^2
};

}  // namespace graft::plugins
