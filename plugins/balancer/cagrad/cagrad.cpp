#include "cagrad.hpp"

#include <algorithm>
#include <cmath>

#include "../quadratic.hpp"

namespace graft::plugins {
namespace {

constexpr int kHalvings = 90;

// The shortest vector of the hull of g_i + shift g0.
std::vector<double> shifted(const Gramian& g, const std::vector<double>& with_mean, double mean_square, double shift) {
  Gramian moved = g;
  for (std::size_t i = 0; i < g.tasks(); ++i)
    for (std::size_t j = 0; j < g.tasks(); ++j)
      moved(i, j) += shift * (with_mean[i] + with_mean[j]) + shift * shift * mean_square;
  for (std::size_t i = 0; i < g.tasks(); ++i) moved(i, i) = std::max(moved(i, i), 0.0);
  return shortest_in_hull(moved);
}

}  // namespace

Cagrad::Cagrad(const Config& config) : c_(config.number("c")), norm_eps_(config.number("norm_eps")) {}

std::vector<double> Cagrad::weights(const Gramian& gramian, const Losses&) {
  const Gramian g = gramian.scaled(1 / gramian.trace());
  const std::vector<double> mean(g.tasks(), 1 / static_cast<double>(g.tasks())), with_mean = g.times(mean);
  const double mean_norm = g.norm_of(mean), radius = c_ * mean_norm;
  if (radius <= 1e-12) return c_ > 0 ? std::vector<double>(g.tasks(), 0.0) : mean;
  double low = 0, high = 1;  // |g_w| <= the longest gradient <= 1
  std::vector<double> w;
  for (int half = 0; half < kHalvings && high - low > 1e-15 * high; ++half) {
    const double s = half < 20 ? (low + high) / 2 : std::sqrt(std::max(low, 1e-12) * high);
    w = shifted(g, with_mean, mean_norm * mean_norm, s / radius);
    (g.norm_of(w) > s ? low : high) = s;
  }
  const double norm = g.norm_of(w);
  if (norm < norm_eps_) return std::vector<double>(g.tasks(), 0.0);
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = mean[i] + radius / norm * w[i];
  return w;
}

}  // namespace graft::plugins
