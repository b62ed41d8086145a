#include "stch.hpp"

#include <ATen/TensorOperators.h>

#include <cmath>

#include "../gramian.hpp"

namespace graft::plugins {

Stch::Stch(const Config& config) : mu_(config.number("mu")), warmup_epochs_(config.integer("warmup_epochs")) {}

Tensor Stch::combine(const Losses& losses) {
  const Tensor logs = losses.values().clamp_min(1e-20).log();
  const std::int64_t epoch = losses.progress().epoch;
  if (epoch < warmup_epochs_) return logs.sum();
  std::vector<double> nadir;
  for (std::int64_t task : losses.tasks()) {
    const double mean = losses.epoch_mean(task, epoch - warmup_epochs_ + 1);
    nadir.push_back(mean > 0 && std::isfinite(mean) ? std::log(mean) : 0);
  }
  const Tensor parts = (logs - tensor_of(nadir, logs)) / mu_;
  return parts.logsumexp(0) * (mu_ * static_cast<double>(nadir.size()));
}

}  // namespace graft::plugins
