// Mcc: Matthews correlation coefficient, which only a classifier that is good on every class gets near 1.
//
//   formula  (s h - sum_c p_c t_c) / sqrt((s^2 - sum_c p_c^2) (s^2 - sum_c t_c^2)),
//            s rows, h hits, t_c rows of class c, p_c rows predicted as c
//   value    in [-1, 1]; 0 when all labels or all predictions are one class; NaN when no row has a label
//   source   Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006
#pragma once

#include "../confusion.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Mcc final : public ConfusionMetric {
 public:
  explicit Mcc(const Config&);
  double value() const override;
};

}  // namespace graft::plugins
