// Rlw: random loss weighting. Weights are drawn anew in each step: a baseline for balancers that claim to choose well.
//
//   formula  w = softmax(z),  z_i normal, keyed by seed, step and task: an absent task does not change the draws of the others
//   source   Lin et al. 2022, arXiv:2111.10603
#pragma once

#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Rlw final : public LossBalancer {
 public:
  explicit Rlw(const Config&);
  Tensor combine(const Losses& losses) override;
};

}  // namespace graft::plugins
