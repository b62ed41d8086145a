#include "uw.hpp"

#include <ATen/TensorOperators.h>

#include <cmath>

#include "../gramian.hpp"

namespace graft::plugins {

Uw::Uw(const Config& config) : learned_("graft/uw", "log_variance", config.number("learning_rate")) {}

void Uw::build(std::int64_t tasks) { learned_.build(tasks, 0); }

Tensor Uw::combine(const Losses& losses) {
  const std::vector<double> values = doubles(losses.values());
  std::vector<double> weights;
  double rest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::int64_t task = losses.tasks()[i];
    const double s = learned_[task], weight = std::exp(-s) / 2;
    weights.push_back(weight);
    rest += s / 2;
    learned_.step(task, 0.5 - values[i] * weight);
  }
  return weighted_sum(losses.values(), weights) + rest;
}

}  // namespace graft::plugins
