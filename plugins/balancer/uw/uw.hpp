// Uw: uncertainty weighting. Each task has a log-variance s that is trained beside the model; a noisy task gets a small weight.
//
//   formula  sum of L_i / (2 exp(s_i)) + s_i / 2
//   trained  s by Adam with its own learning rate, after the scalar is made: d/ds = 1/2 - L exp(-s) / 2; rest point s = log L
//   source   Kendall et al. 2018, arXiv:1705.07115, equation for regression
//   differs  s starts at 0 as in the authors' notebook (LibMTL: -0.5)
//   state    "log_variance", see learned.hpp
#pragma once

#include "../learned.hpp"
#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Uw final : public LossBalancer {
 public:
  explicit Uw(const Config& config);
  Tensor combine(const Losses& losses) override;
  void build(std::int64_t tasks) override;
  State state() const override { return learned_.state(); }
  void restore(const State& state) override { learned_.restore(state); }

 private:
  Learned learned_;
};

}  // namespace graft::plugins
