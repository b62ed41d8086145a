#include "bargain.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "quadratic.hpp"

namespace graft::plugins {
namespace {

constexpr double kRidge = 1e-8, kRidgeShare = 1e-3, kShort = 1e-10, kResidual = 1e-11;
constexpr int kSteps = 300, kHalvings = 60;

// The problem in b = a * length: C b = price * b^(-p), C the cosines, price = length^(p - 1).
struct Problem {
  Gramian cosines;
  std::vector<double> price;
  double p;

  double value(const std::vector<double>& b) const {
    const double norm = cosines.norm_of(b);
    double sum = norm * norm / 2;
    for (std::size_t i = 0; i < b.size(); ++i) sum -= price[i] * (p == 1 ? std::log(b[i]) : std::pow(b[i], 1 - p) / (1 - p));
    return sum;
  }
  std::vector<double> slope(const std::vector<double>& b) const {
    std::vector<double> g = cosines.times(b);
    for (std::size_t i = 0; i < b.size(); ++i) g[i] -= price[i] * std::pow(b[i], -p);
    return g;
  }
  double residual(const std::vector<double>& b, const std::vector<double>& g) const {
    double worst = 0;
    for (std::size_t i = 0; i < b.size(); ++i) worst = std::max(worst, std::abs(g[i]) / (price[i] * std::pow(b[i], -p)));
    return worst;
  }
  std::vector<double> newton_step(const std::vector<double>& b, const std::vector<double>& g) const {
    Gramian h = cosines;
    std::vector<double> down(b.size());
    std::vector<std::size_t> all(b.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    for (std::size_t i = 0; i < b.size(); ++i) {
      h(i, i) += p * price[i] * std::pow(b[i], -p - 1);
      down[i] = -g[i];
    }
    return solve_definite(h, down, all);
  }
};

// Shortens the step until the value falls enough, or the slope shrinks where the value no longer shows it.
bool advance(const Problem& problem, std::vector<double>& b, std::vector<double>& g, const std::vector<double>& step) {
  double share = 1, along = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (step[i] < 0) share = std::min(share, -0.95 * b[i] / step[i]);
    along += g[i] * step[i];
  }
  const double before = problem.value(b), residual = problem.residual(b, g);
  for (int half = 0; half < kHalvings; ++half, share /= 2) {
    std::vector<double> next = b;
    for (std::size_t i = 0; i < b.size(); ++i) next[i] += share * step[i];
    const std::vector<double> slope = problem.slope(next);
    const bool falls = problem.value(next) < before + 1e-4 * share * along;
    if (!falls && problem.residual(next, slope) >= residual) continue;
    b = next;
    g = slope;
    return true;
  }
  return false;
}

void descend(const Problem& problem, std::vector<double>& b) {
  std::vector<double> g = problem.slope(b);
  for (int step = 0; step < kSteps && problem.residual(b, g) > kResidual; ++step)
    if (!advance(problem, b, g, problem.newton_step(b, g))) break;
}

// The largest part of what a task gains that it gains from the ridge alone.
double ridge_share(const Problem& problem, const std::vector<double>& b) {
  double share = 0;
  for (std::size_t i = 0; i < b.size(); ++i) share = std::max(share, kRidge * std::pow(b[i], 1 + problem.p) / problem.price[i]);
  return share;
}

// With the ridge first, which always has a solution; then without it, where it hardly mattered.
std::vector<double> solve(Problem problem) {
  std::vector<double> b(problem.price.size());
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] = std::pow(problem.price[i], 1 / (1 + problem.p));
    problem.cosines(i, i) = 1 + kRidge;
  }
  descend(problem, b);
  if (ridge_share(problem, b) > kRidgeShare) return b;
  for (std::size_t i = 0; i < b.size(); ++i) problem.cosines(i, i) = 1;
  descend(problem, b);
  return b;
}

}  // namespace

std::vector<double> bargain(const Gramian& gramian, double p) {
  const std::size_t n = gramian.tasks();
  double frobenius = 0, longest = 0;
  for (std::size_t i = 0; i < n; ++i) longest = std::max(longest, std::sqrt(std::max(gramian(i, i), 0.0)));
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < n; ++i)
    if (std::sqrt(std::max(gramian(i, i), 0.0)) > kShort * longest) seen.push_back(i);
  std::vector<double> length;
  for (std::size_t i : seen) length.push_back(std::sqrt(gramian(i, i)) / longest);
  Problem problem{Gramian(seen.size(), 0.0), {}, p};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    problem.price.push_back(std::pow(length[i], p - 1));
    for (std::size_t j = 0; j < seen.size(); ++j) {
      const double part = gramian(seen[i], seen[j]) / (longest * longest);
      frobenius += part * part;
      problem.cosines(i, j) = part / (length[i] * length[j]);
    }
  }
  const std::vector<double> b = solve(problem);
  const double scale = std::pow(frobenius, 0.5 / (1 + p));
  std::vector<double> weights(n, 1.0);
  for (std::size_t i = 0; i < seen.size(); ++i) weights[seen[i]] = scale * b[i] / length[i];
  return weights;
}

}  // namespace graft::plugins
