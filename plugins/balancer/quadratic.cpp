#include "quadratic.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace graft::plugins {
namespace {

constexpr double kPivot = 1e-15, kSlope = 1e-15;

// The problem with a diagonal of ones: v = y / sqrt(Q_ii) keeps v >= 0, and no gradient is too short to be seen.
struct Scaled {
  Gramian q;
  std::vector<double> b, scale;

  Scaled(const Gramian& from, const std::vector<double>& linear) : q(from), b(linear), scale(from.tasks(), 0.0) {
    const std::size_t n = from.tasks();
    for (std::size_t i = 0; i < n; ++i) scale[i] = from(i, i) > 0 ? 1 / std::sqrt(from(i, i)) : 0;
    for (std::size_t i = 0; i < n; ++i) {
      b[i] *= scale[i];
      for (std::size_t j = 0; j < n; ++j) q(i, j) *= scale[i] * scale[j];
    }
  }
};

class ActiveSet {
 public:
  explicit ActiveSet(const Scaled& problem)
      : p_(problem), y_(problem.b.size(), 0.0), free_(problem.b.size(), false), skip_(problem.b.size(), false) {
    for (double value : p_.b) tolerance_ = std::max(tolerance_, kSlope * std::abs(value));
  }

  std::vector<double> solve() {
    for (std::size_t round = 0; round < 50 * y_.size(); ++round) {
      const std::size_t enters = steepest();
      if (enters == y_.size()) break;
      free_[enters] = true;
      settle();
      skip_[enters] = !free_[enters];  // only rounding called it in
      if (free_[enters]) std::fill(skip_.begin(), skip_.end(), false);
    }
    return y_;
  }

 private:
  // The bound variable along which the value falls fastest; their number when none does.
  std::size_t steepest() const {
    const std::vector<double> product = p_.q.times(y_);
    std::size_t best = y_.size();
    double slope = tolerance_;
    for (std::size_t i = 0; i < y_.size(); ++i) {
      if (free_[i] || skip_[i] || p_.b[i] - product[i] <= slope) continue;
      slope = p_.b[i] - product[i];
      best = i;
    }
    return best;
  }

  // Goes to the minimum over the free variables, binding on the way those that would become negative.
  void settle() {
    for (;;) {
      std::vector<std::size_t> set;
      for (std::size_t i = 0; i < y_.size(); ++i)
        if (free_[i]) set.push_back(i);
      const std::vector<double> goal = solve_definite(p_.q, p_.b, set);
      double share = 1;
      std::size_t stops = y_.size();
      for (std::size_t i : set) {
        const double part = goal[i] > 0 ? 1 : y_[i] <= 0 ? 0 : y_[i] / (y_[i] - goal[i]);
        if (goal[i] > 0 || part > share || (part == share && stops != y_.size())) continue;
        share = part;
        stops = i;
      }
      for (std::size_t i : set) y_[i] = std::max(0.0, y_[i] + share * (goal[i] - y_[i]));
      if (stops == y_.size()) return;
      y_[stops] = 0;
      for (std::size_t i : set) free_[i] = y_[i] > 0;
    }
  }

  const Scaled& p_;
  std::vector<double> y_;
  std::vector<bool> free_, skip_;
  double tolerance_ = 0;
};

}  // namespace

std::vector<double> solve_definite(const Gramian& a, const std::vector<double>& b, const std::vector<std::size_t>& set) {
  const std::size_t n = set.size();
  std::vector<double> l(n * n, 0.0), y(n, 0.0), x(b.size(), 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = a(set[j], set[j]);
    for (std::size_t k = 0; k < j; ++k) pivot -= l[j * n + k] * l[j * n + k];
    const bool dependent = pivot <= kPivot * a(set[j], set[j]);
    l[j * n + j] = dependent ? 0 : std::sqrt(pivot);
    for (std::size_t i = j + 1; i < n && !dependent; ++i) {
      double sum = a(set[i], set[j]);
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = sum / l[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    double sum = b[set[i]];
    for (std::size_t k = 0; k < i; ++k) sum -= l[i * n + k] * y[k];
    y[i] = l[i * n + i] > 0 ? sum / l[i * n + i] : 0;
  }
  for (std::size_t i = n; i-- > 0;) {
    double sum = y[i];
    for (std::size_t k = i + 1; k < n; ++k) sum -= l[k * n + i] * x[set[k]];
    x[set[i]] = l[i * n + i] > 0 ? sum / l[i * n + i] : 0;
  }
  return x;
}

std::vector<double> nonnegative_minimum(const Gramian& q, const std::vector<double>& b) {
  const Scaled problem(q, b);
  std::vector<double> v = ActiveSet(problem).solve();
  for (std::size_t i = 0; i < v.size(); ++i) v[i] *= problem.scale[i];
  return v;
}

std::vector<double> shortest_in_hull(const Gramian& gramian) {
  const std::size_t n = gramian.tasks();
  double shortest = gramian(0, 0);
  for (std::size_t i = 1; i < n; ++i) shortest = std::min(shortest, gramian(i, i));
  std::vector<double> v(n, 0.0);
  if (shortest <= 0) {
    for (std::size_t i = 0; i < n; ++i) v[i] = gramian(i, i) <= 0 ? 1 : 0;
  } else {
    Gramian q = gramian;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) q(i, j) += shortest;
    v = nonnegative_minimum(q, std::vector<double>(n, shortest));
  }
  const double sum = std::accumulate(v.begin(), v.end(), 0.0);
  for (double& value : v) value = sum > 0 ? value / sum : 1 / static_cast<double>(n);
  return v;
}

}  // namespace graft::plugins
