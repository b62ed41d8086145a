#include "aligned_mtl.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../eigen.hpp"

namespace graft::plugins {

AlignedMtl::AlignedMtl(const Config&) {}

std::vector<double> AlignedMtl::weights(const Gramian& gramian, const Losses&) {
  const Eigen eigen(gramian.scaled(1 / gramian.trace()));
  const double tasks = static_cast<double>(gramian.tasks());
  const double floor = eigen.largest() * tasks * std::numeric_limits<float>::epsilon();
  double smallest = eigen.largest();
  for (double value : eigen.values)
    if (value > floor) smallest = std::min(smallest, value);
  return eigen.apply(std::vector<double>(gramian.tasks(), 1 / tasks), floor,
                     [&](double value) { return std::sqrt(smallest / value); });
}

}  // namespace graft::plugins
