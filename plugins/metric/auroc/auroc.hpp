// Auroc: area under the ROC curve: the chance that a row of a class is given a higher probability of it than a row of another.
//
//   formula   (R - n (n + 1) / 2) / (n m), n rows of the class, m others, R the sum of the ranks of the n by probability;
//             equal probabilities share the mean of their ranks, so that a tie counts half
//   average   see one_vs_rest.hpp
//   value     in [0, 1], 0.5 by chance; NaN when no class has both rows of it and others, or a probability is NaN
//   source    Mann and Whitney 1947; scikit-learn, sklearn.metrics.roc_auc_score with multi_class="ovr"
//   differs   scikit-learn refuses several classes of which one has no row; here macro and weighted leave that class out
#pragma once

#include "../one_vs_rest.hpp"

namespace graft::plugins {

class Auroc final : public OneVsRestMetric {
 public:
  explicit Auroc(const Config& config);

 private:
  double of_one(const std::vector<double>& scores, const std::vector<bool>& is_positive) const override;
};

}  // namespace graft::plugins
