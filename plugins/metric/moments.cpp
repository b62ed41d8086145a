#include "moments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace graft::plugins {

Moments Moments::of(const std::vector<double>& x, const std::vector<double>& y) {
  Moments m;
  if (x.empty()) return m;
  m.n = static_cast<double>(x.size());
  m.mean_x = std::accumulate(x.begin(), x.end(), 0.0) / m.n;
  m.mean_y = std::accumulate(y.begin(), y.end(), 0.0) / m.n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - m.mean_x, dy = y[i] - m.mean_y;
    m.s_xx += dx * dx;
    m.s_yy += dy * dy;
    m.s_xy += dx * dy;
  }
  std::tie(m.low_x, m.high_x) = std::pair(*std::min_element(x.begin(), x.end()), *std::max_element(x.begin(), x.end()));
  std::tie(m.low_y, m.high_y) = std::pair(*std::min_element(y.begin(), y.end()), *std::max_element(y.begin(), y.end()));
  return m;
}

void Moments::merge(const Moments& other) {
  if (other.n == 0) return;
  const double both = n + other.n, dx = other.mean_x - mean_x, dy = other.mean_y - mean_y, between = n * other.n / both;
  s_xx += other.s_xx + dx * dx * between;
  s_yy += other.s_yy + dy * dy * between;
  s_xy += other.s_xy + dx * dy * between;
  mean_x += dx * other.n / both;
  mean_y += dy * other.n / both;
  n = both;
  low_x = std::min(low_x, other.low_x);
  high_x = std::max(high_x, other.high_x);
  low_y = std::min(low_y, other.low_y);
  high_y = std::max(high_y, other.high_y);
}

double Moments::correlation() const {
  if (n < 2 || low_x == high_x || low_y == high_y) return std::nan("");
  const double r = s_xy / (std::sqrt(s_xx) * std::sqrt(s_yy));
  return std::isnan(r) ? r : std::clamp(r, -1.0, 1.0);
}

}  // namespace graft::plugins
