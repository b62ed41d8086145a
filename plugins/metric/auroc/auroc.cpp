#include "auroc.hpp"

#include "../ranks.hpp"

namespace graft::plugins {

Auroc::Auroc(const Config& config) : OneVsRestMetric("graft/auroc", config) {}

double Auroc::of_one(const std::vector<double>& scores, const std::vector<bool>& is_positive) const {
  const std::vector<double> ranks = ranks_of(scores);
  double sum = 0, n = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (!is_positive[i]) continue;
    sum += ranks[i];
    ++n;
  }
  const double m = static_cast<double>(ranks.size()) - n;
  return (sum - n * (n + 1) / 2) / (n * m);  // 0 / 0 is NaN: one class alone cannot be ranked
}

}  // namespace graft::plugins
