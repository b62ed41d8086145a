// AveragePrecision: the precision among the rows ranked first by the probability of a class, averaged over all recalls.
//
//   formula   sum over thresholds k, from high to low, of (R_k - R_(k-1)) P_k; P_k precision and R_k recall of the rows whose
//             probability is at least k; rows of equal probability enter together
//   average   see one_vs_rest.hpp
//   value     in [0, 1], the share of the class by chance; NaN when no class has a row, or a probability is NaN
//   source    scikit-learn, sklearn.metrics.average_precision_score
//   differs   scikit-learn counts a class without rows as 0; here macro leaves it out, and binary is NaN
#pragma once

#include "../one_vs_rest.hpp"

namespace graft::plugins {

class AveragePrecision final : public OneVsRestMetric {
 public:
  explicit AveragePrecision(const Config& config);

 private:
  double of_one(const std::vector<double>& scores, const std::vector<bool>& is_positive) const override;
};

}  // namespace graft::plugins
