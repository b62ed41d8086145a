// LogLoss: cross-entropy of the probabilities that a head gives, without its class weights and smoothing. Lower is better.
//
//   formula  mean of -log(p), p the probability of the row's class, clipped to [e, 1 - e], e = 2^-23 (the step of float at 1)
//   value    nats, >= 0, at most 15.95; NaN when no row has a label, or the probability of a row's class is NaN
//   source   scikit-learn, sklearn.metrics.log_loss of float probabilities
//   errors   see probabilities.hpp
#pragma once

#include "../probabilities.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class LogLoss final : public ProbabilityMetric {
 public:
  explicit LogLoss(const Config&);
  void merge(const Metric& other) override;
  double value() const override;
  bool higher_is_better() const override { return false; }

 private:
  void clear() override;
  void add(const RowScore& score) override;
  double sum_ = 0, rows_ = 0;
};

}  // namespace graft::plugins
