// Rmse: root of the mean squared error, in the target's units. Lower is better.
//
//   formula  sqrt(mean of (predicted - truth)^2)
//   value    >= 0; NaN when no row has a label, or a prediction is NaN
//   errors   see number_pairs.hpp
#pragma once

#include "../number_pairs.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Rmse final : public NumberMetric {
 public:
  explicit Rmse(const Config&);
  void merge(const Metric& other) override;
  double value() const override;
  bool higher_is_better() const override { return false; }

 private:
  void clear() override;
  void add(const NumberPairs& pairs) override;
  double sum_ = 0, rows_ = 0;
};

}  // namespace graft::plugins
