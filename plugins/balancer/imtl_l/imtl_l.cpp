#include "imtl_l.hpp"

#include <ATen/TensorOperators.h>

#include <cmath>

#include "../gramian.hpp"

namespace graft::plugins {

ImtlL::ImtlL(const Config& config) : learned_("graft/imtl_l", "scale", config.number("learning_rate")) {}

void ImtlL::build(std::int64_t tasks) { learned_.build(tasks, 0); }

Tensor ImtlL::combine(const Losses& losses) {
  const std::vector<double> values = doubles(losses.values());
  std::vector<double> weights;
  double rest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t task = losses.tasks()[i];
    const double s = learned_[task], weight = std::exp(s);
    weights.push_back(weight);
    rest -= s;
    learned_.step(task, weight * values[i] - 1);
  }
  return weighted_sum(losses.values(), weights) + rest;
}

}  // namespace graft::plugins
