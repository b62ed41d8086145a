#include "quadratic_kappa.hpp"

namespace graft::plugins {

QuadraticKappa::QuadraticKappa(const Config&) : ConfusionMetric("graft/quadratic_kappa") {}

double QuadraticKappa::value() const {
  double by_chance = 0;
  for (std::int64_t i = 0; i < classes(); ++i)
    for (std::int64_t j = 0; j < classes(); ++j) by_chance += truth(i) * predicted(j) * static_cast<double>((i - j) * (i - j));
  return 1 - squared_distances() / (by_chance / total());  // 0 / 0 is NaN
}

}  // namespace graft::plugins
