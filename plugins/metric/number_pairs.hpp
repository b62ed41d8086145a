// NumberMetric: walks over the rows that have a label, as pairs of numbers; what MAE, RMSE, Pearson and Spearman are computed from.
//
//   predictions  value [B], in the target's units
//   truth        [B] number or integer; NaN is missing: the row does not count
//   throws       Error when the head gives no value or the target is no number
#pragma once

#include <string>
#include <vector>

#include "graft/metric.hpp"

namespace graft::plugins {

struct NumberPairs {
  std::vector<double> predicted, truth;  // [B'] the rows that have a label
};

class NumberMetric : public Metric {
 public:
  explicit NumberMetric(std::string where);  // the component, for errors
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;

 protected:
  virtual void clear() = 0;
  virtual void add(const NumberPairs& pairs) = 0;

 private:
  std::string where_, target_;
};

}  // namespace graft::plugins
