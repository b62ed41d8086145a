// HammingLoss: the share of wrong answers when each row is asked of each class whether its set holds it. Lower is better.
//
//   formula  pairs of row and class where prediction and truth differ / pairs whose truth is known
//   value    in [0, 1]; NaN when no row has a label
//   source   scikit-learn, sklearn.metrics.hamming_loss of label indicators
//   errors   see label_sets.hpp
#pragma once

#include "../label_sets.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class HammingLoss final : public LabelSetMetric {
 public:
  explicit HammingLoss(const Config&);
  double value() const override;
  bool higher_is_better() const override { return false; }
};

}  // namespace graft::plugins
