// Stch: smooth Tchebycheff scalarization. Minimises a smooth maximum, so the task that is worst against its warm-up leads.
//
//   formula  K mu log sum exp(log(L_i / n_i) / mu),  n_i the mean loss of the last warm-up epoch (1 when the task had none)
//   warm-up  in the first warmup_epochs epochs: sum of log L_i
//   bound    a loss under 1e-20 counts as 1e-20, with no gradient
//   source   Lin et al. 2024, arXiv:2402.19078, and the authors' code, which takes logarithms and the factor K
//   state    none: the host keeps the means of the epochs
#pragma once

#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Stch final : public LossBalancer {
 public:
  explicit Stch(const Config& config);
  Tensor combine(const Losses& losses) override;

 private:
  double mu_;
  std::int64_t warmup_epochs_;
};

}  // namespace graft::plugins
