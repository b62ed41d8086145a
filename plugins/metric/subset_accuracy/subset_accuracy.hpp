// SubsetAccuracy: the share of rows whose label set is right as a whole: every class of the row, and no other.
//
//   formula  rows whose predicted set is the true one / rows that have a label
//   value    in [0, 1]; NaN when no row has a label
//   source   scikit-learn, sklearn.metrics.accuracy_score of label indicators
//   errors   see label_sets.hpp
#pragma once

#include "../label_sets.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class SubsetAccuracy final : public LabelSetMetric {
 public:
  explicit SubsetAccuracy(const Config&);
  double value() const override;
};

}  // namespace graft::plugins
