// Famo: fast adaptive multi-task optimization. Lets all losses fall at the same relative rate, from losses alone.
//
//   formula  sum of z_i log(D_i) / c,  z = softmax(w),  D_i = max(L_i, 0) + 1e-8,  c = sum of z_i / D_i, z and c without gradient
//   trained  w by Adam, after the step: gradient z_i (d_i - sum of z_j d_j),  d_i = log D_i before - log D_i after, same rows
//   source   Liu et al. 2023, arXiv:2306.03792, with lower bounds of 0
//   state    "logits", see learned.hpp; the losses before a step are not kept across a restart
#pragma once

#include "../learned.hpp"
#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Famo final : public LossBalancer {
 public:
  explicit Famo(const Config& config);
  Tensor combine(const Losses& losses) override;
  bool reevaluates() const override { return true; }
  void after_step(const Losses& losses) override;
  void build(std::int64_t tasks) override;
  State state() const override { return learned_.state(); }
  void restore(const State& state) override { learned_.restore(state); }

 private:
  std::vector<double> shares(std::span<const std::int64_t> tasks) const;  // softmax of the logits

  Learned learned_;
  std::vector<std::int64_t> before_;  // tasks of the last combine()
  std::vector<double> logs_;          // and log D of each
};

}  // namespace graft::plugins
