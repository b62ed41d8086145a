// Gradnorm: learns weights under which the gradients of all tasks are equally long, and longer for a task that learns slowly.
//
//   formula  n_i = w_i sqrt(G_ii),  target_i = mean(n) (r_i / mean r)^alpha,  r_i = L_i / L_i(0)
//   trained  w by Adam on sum of |n_i - target_i|, targets held: gradient sqrt(G_ii) sign(n_i - target_i); then w >= 1e-3 and
//            scaled so that they sum to the number of tasks
//   L(0)     the loss of the first step in which the task was present with another (LibMTL: the mean of the first epoch)
//   heads    the weights scale their gradients too, as in the paper (LibMTL: not)
//   source   Chen et al. 2018, arXiv:1711.02257
//   state    "weights", see learned.hpp; "initial" [K] double, NaN where the task was not seen
#pragma once

#include "../learned.hpp"
#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Gradnorm final : public GramianBalancer {
 public:
  explicit Gradnorm(const Config& config);
  bool scales_heads() const override { return true; }
  void build(std::int64_t tasks) override;
  State state() const override;
  void restore(const State& state) override;

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double weight_without_gradient(std::size_t) const override { return 1; }
  std::vector<double> rates(const Losses& losses);
  void renormalise();

  Learned learned_;
  double alpha_;
  std::vector<double> initial_;  // L(0) of each task
};

}  // namespace graft::plugins
