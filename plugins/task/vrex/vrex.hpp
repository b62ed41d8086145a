// Vrex: risk extrapolation, losses that are alike in all domains.
//
//   formula   mean over domains of R_e + weight * mean over e of (R_e - mean R)^2
//   anneal    the variance weighs 1 (or `weight`, if that is less) for this share of the run, then `weight`; the optimizer then
//             begins afresh
//   source    Krueger et al. 2021, arXiv:2003.00688 (V-REx); the annealing of DomainBed
#pragma once

#include "../domains.hpp"

namespace graft::plugins {

class Vrex final : public Penalised {
 public:
  explicit Vrex(const Config& config) : Penalised("vrex", config) {}

 protected:
  Tensor penalty(Step& step, const std::vector<Domain>& domains) override;
};

}  // namespace graft::plugins
