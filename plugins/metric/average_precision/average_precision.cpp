#include "average_precision.hpp"

#include <algorithm>
#include <numeric>

namespace graft::plugins {

AveragePrecision::AveragePrecision(const Config& config) : OneVsRestMetric("graft/average_precision", config) {}

double AveragePrecision::of_one(const std::vector<double>& scores, const std::vector<bool>& is_positive) const {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  double hits = 0, sum = 0;
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    double found = is_positive[order[begin]];
    for (end = begin + 1; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end)
      found += is_positive[order[end]];
    hits += found;
    sum += found * hits / static_cast<double>(end);
  }
  return sum / hits;  // 0 / 0 is NaN: a class without rows has no recall
}

}  // namespace graft::plugins
