#include "rlw.hpp"

#include <cmath>
#include <numeric>

namespace graft::plugins {

Rlw::Rlw(const Config&) {}

Tensor Rlw::combine(const Losses& losses) {
  std::vector<double> weights;
  for (std::int64_t task : losses.tasks()) {
    Rng stream = losses.rng().fork("graft/rlw").fork(static_cast<std::uint64_t>(task));
    weights.push_back(std::exp(stream.normal()));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  return weighted_sum(losses.values(), weights);
}

}  // namespace graft::plugins
