#include "dwa.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace graft::plugins {

Dwa::Dwa(const Config& config) : temperature_(config.number("temperature")) {}

Tensor Dwa::combine(const Losses& losses) {
  std::vector<double> weights;
  for (std::int64_t task : losses.tasks()) {
    const double ratio = losses.epoch_mean(task, 1) / losses.epoch_mean(task, 2);
    weights.push_back((std::isfinite(ratio) ? ratio : 1) / temperature_);
  }
  const double most = *std::max_element(weights.begin(), weights.end());
  for (double& weight : weights) weight = std::exp(weight - most);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight *= static_cast<double>(weights.size()) / sum;
  return weighted_sum(losses.values(), weights);
}

}  // namespace graft::plugins
