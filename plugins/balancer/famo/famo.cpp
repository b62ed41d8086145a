#include "famo.hpp"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../gramian.hpp"

namespace graft::plugins {
namespace {

constexpr double kOffset = 1e-8;

double log_of(double loss) { return std::log(std::max(loss, 0.0) + kOffset); }

}  // namespace

Famo::Famo(const Config& config)
    : learned_("graft/famo", "logits", config.number("learning_rate"), config.number("weight_decay")) {}

void Famo::build(std::int64_t tasks) { learned_.build(tasks, 0); }

std::vector<double> Famo::shares(std::span<const std::int64_t> tasks) const {
  std::vector<double> z;
  for (std::int64_t task : tasks) z.push_back(learned_[task]);
  const double most = *std::max_element(z.begin(), z.end());
  for (double& value : z) value = std::exp(value - most);
  const double sum = std::accumulate(z.begin(), z.end(), 0.0);
  for (double& value : z) value /= sum;
  return z;
}

Tensor Famo::combine(const Losses& losses) {
  const std::vector<double> values = doubles(losses.values());
  std::vector<double> weights = shares(losses.tasks());
  before_.assign(losses.tasks().begin(), losses.tasks().end());
  logs_.clear();
  double c = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    logs_.push_back(log_of(values[i]));
    c += weights[i] / std::exp(logs_[i]);
  }
  for (double& weight : weights) weight /= c;
  return weighted_sum((losses.values().clamp_min(0) + kOffset).log(), weights);
}

void Famo::after_step(const Losses& losses) {
  if (!std::equal(before_.begin(), before_.end(), losses.tasks().begin(), losses.tasks().end())) return;
  const std::vector<double> values = doubles(losses.values()), z = shares(before_);
  std::vector<double> fall;
  double mean = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    fall.push_back(logs_[i] - log_of(values[i]));
    mean += z[i] * fall[i];
  }
  for (std::size_t i = 0; i < values.size(); ++i) learned_.step(before_[i], z[i] * (fall[i] - mean));
}

}  // namespace graft::plugins
