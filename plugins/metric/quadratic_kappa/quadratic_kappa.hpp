// QuadraticKappa: agreement of predicted and true grades beyond chance, where a miss counts by the square of its distance.
//
//   formula  1 - sum over rows of (truth - predicted)^2 / (sum over classes i, j of t_i p_j (i - j)^2 / s),
//            s rows, t_i rows of class i, p_j rows predicted as j; a class counts as its place in the order of the classes
//   value    in [-1, 1], 0 by chance; NaN when no row has a label, or all labels and predictions are one class
//   source   Cohen 1968, doi:10.1037/h0026256; scikit-learn, sklearn.metrics.cohen_kappa_score with weights="quadratic"
//   errors   see confusion.hpp
#pragma once

#include "../confusion.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class QuadraticKappa final : public ConfusionMetric {
 public:
  explicit QuadraticKappa(const Config&);
  double value() const override;
};

}  // namespace graft::plugins
