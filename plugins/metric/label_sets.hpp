// LabelSetMetric: right and wrong answers on label sets, by pairs of row and class and by whole rows: what subset accuracy and the
// Hamming loss are computed from.
//
//   predictions  label [B, C] float: 1 for each class of the predicted set, else 0
//   truth        [B, C] float in [0, 1], over 1/2 where the row has the class
//   missing      NaN: that pair of row and class does not count; a row counts as a whole only where all its classes are known
//   throws       Error when the head gives no label, the target is no label set, or the two differ in classes
#pragma once

#include <string>

#include "graft/metric.hpp"

namespace graft::plugins {

class LabelSetMetric : public Metric {
 public:
  // where: the component, for errors; instead: the metric to name for one class a row
  LabelSetMetric(std::string where, std::string instead);
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;
  void merge(const Metric& other) override;

 protected:
  struct Tally {
    double all = 0, right = 0;
  };
  const Tally& pairs() const { return pairs_; }
  const Tally& rows() const { return rows_; }

 private:
  std::string where_, instead_, target_;
  std::int64_t classes_ = 0;
  Tally pairs_, rows_;
};

}  // namespace graft::plugins
