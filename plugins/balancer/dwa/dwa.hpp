// Dwa: dynamic weight average. A task whose loss falls slowly gets more weight.
//
//   formula  w = K softmax(r / temperature),  r_i = mean loss of the last epoch / mean loss of the one before it
//   start    r = 1 for a task without two epochs behind it, so the first two epochs have equal weights
//   source   Liu et al. 2019, arXiv:1803.10704
//   state    none: the host keeps the means of the epochs
#pragma once

#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Dwa final : public LossBalancer {
 public:
  explicit Dwa(const Config& config);
  Tensor combine(const Losses& losses) override;

 private:
  double temperature_;
};

}  // namespace graft::plugins
