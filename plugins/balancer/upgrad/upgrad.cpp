#include "upgrad.hpp"

#include "../quadratic.hpp"

namespace graft::plugins {

Upgrad::Upgrad(const Config& config) : norm_eps_(config.number("norm_eps")), reg_eps_(config.number("reg_eps")) {}

std::vector<double> Upgrad::weights(const Gramian& gramian, const Losses&) {
  const std::size_t n = gramian.tasks();
  const double trace = gramian.trace(), share = 1 / static_cast<double>(n);
  Gramian g = gramian.scaled(trace < norm_eps_ ? 0 : 1 / trace);
  for (std::size_t i = 0; i < n; ++i) g(i, i) += reg_eps_;
  std::vector<double> sum(n, share);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> pull(n);
    for (std::size_t j = 0; j < n; ++j) pull[j] = -share * g(j, i);
    const std::vector<double> more = nonnegative_minimum(g, pull);
    for (std::size_t j = 0; j < n; ++j) sum[j] += more[j];
  }
  return sum;
}

}  // namespace graft::plugins
