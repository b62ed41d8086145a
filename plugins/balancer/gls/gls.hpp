// Gls: geometric loss strategy. The geometric mean of the losses, which no change of their units can tilt.
//
//   formula  (product of L_i)^(1 / K), by logarithms; a loss under 1e-20 counts as 1e-20, with no gradient
//   source   Chennupati et al. 2019, arXiv:1904.08492
#pragma once

#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Gls final : public LossBalancer {
 public:
  explicit Gls(const Config&);
  Tensor combine(const Losses& losses) override;
};

}  // namespace graft::plugins
