#include "pcgrad.hpp"

#include <numeric>
#include <utility>

namespace graft::plugins {
namespace {

// One gradient, as weights of all, after the projections in this order.
std::vector<double> projected(const Gramian& gramian, std::size_t i, const std::vector<std::size_t>& order) {
  std::vector<double> weights(gramian.tasks(), 0.0);
  weights[i] = 1;
  for (std::size_t j : order) {
    if (j == i) continue;
    double inner = 0;
    for (std::size_t k = 0; k < gramian.tasks(); ++k) inner += gramian(j, k) * weights[k];
    if (inner < 0 && gramian(j, j) > 0) weights[j] -= inner / gramian(j, j);
  }
  return weights;
}

void shuffle(std::vector<std::size_t>& order, Rng rng) {
  for (std::size_t left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[static_cast<std::size_t>(rng.below(static_cast<std::int64_t>(left)))]);
}

}  // namespace

Pcgrad::Pcgrad(const Config& config) : is_random_(config.text("order") == "random") {}

std::vector<double> Pcgrad::weights(const Gramian& gramian, const Losses& losses) {
  std::vector<double> sum(gramian.tasks(), 0.0);
  for (std::size_t i = 0; i < gramian.tasks(); ++i) {
    std::vector<std::size_t> order(gramian.tasks());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (is_random_ && gramian.tasks() > 2) shuffle(order, losses.rng().fork("graft/pcgrad").fork(i));
    const std::vector<double> part = projected(gramian, i, order);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += part[k];
  }
  return sum;
}

}  // namespace graft::plugins
