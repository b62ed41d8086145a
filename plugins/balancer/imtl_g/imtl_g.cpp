#include "imtl_g.hpp"

#include <algorithm>
#include <cmath>

#include "../eigen.hpp"

namespace graft::plugins {

ImtlG::ImtlG(const Config&) {}

std::vector<double> ImtlG::weights(const Gramian& gramian, const Losses&) {
  const Gramian g = gramian.scaled(1 / gramian.trace());
  std::vector<double> lengths(g.tasks());
  for (std::size_t i = 0; i < g.tasks(); ++i) lengths[i] = std::sqrt(std::max(g(i, i), 0.0));
  const Eigen eigen(g);
  std::vector<double> v = eigen.apply(lengths, 1e-12 * eigen.largest(), [](double value) { return 1 / value; });
  double sum = 0, size = 0;
  for (double value : v) {
    sum += value;
    size += std::abs(value);
  }
  const double factor = std::abs(sum) <= 1e-12 * size ? 0 : 1 / sum;
  for (double& value : v) value *= factor;
  return v;
}

}  // namespace graft::plugins
