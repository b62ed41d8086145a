// Graddrop: gradient sign dropout. For each parameter one sign is drawn, by its share, and only gradients of that sign stay.
//
//   formula  P = (1 + sum of J / sum of |J|) / 2 a column; J_ij stays when J_ij > 0 and P > u_j, or J_ij < 0 and P <= u_j; sum
//   leak     share of each gradient that stays in any case
//   u        uniform [P], keyed by seed and step
//   source   Chen et al. 2020, arXiv:2010.06808
//   differs  one leak for all tasks (torchjd: one a task); at the parameters, not at the representation as in LibMTL
#pragma once

#include "graft/balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Graddrop final : public Balancer {
 public:
  explicit Graddrop(const Config& config);
  Wants wants() const override { return Wants::kJacobian; }
  Tensor combine(const Losses& losses) override;

 private:
  double leak_;
};

}  // namespace graft::plugins
