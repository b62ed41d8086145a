#include "nash_mtl.hpp"

#include "../bargain.hpp"

namespace graft::plugins {

NashMtl::NashMtl(const Config& config) : max_norm_(config.number("max_norm")) {}

std::vector<double> NashMtl::weights(const Gramian& gramian, const Losses&) {
  std::vector<double> weights = bargain(gramian, 1);
  const double norm = gramian.norm_of(weights);
  if (max_norm_ > 0 && norm > max_norm_)
    for (double& weight : weights) weight *= max_norm_ / norm;
  return weights;
}

}  // namespace graft::plugins
