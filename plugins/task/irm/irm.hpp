// Irm: invariant risk minimisation, features on which one head is optimal in every domain.
//
//   formula   mean over domains e of R_e + weight * mean over e of g_e g'_e,  g = d R(w scores) / d w at w = 1 on the even rows of the
//             batch, g' on the odd ones: an unbiased estimate of the squared gradient; a domain with one row gives no penalty
//   anneal    the penalty weighs 1 (or `weight`, if that is less) for this share of the run, then `weight`; the optimizer then begins
//             afresh
//   gradient  second derivatives, through the heads' losses
//   source    Arjovsky et al. 2019, arXiv:1907.02893 (IRMv1); the estimate and the annealing of DomainBed
#pragma once

#include "../domains.hpp"
#include "graft/head.hpp"

namespace graft::plugins {

// [] the penalty of one head in one domain: `loss_of(scores)` is its loss. Undefined where one half has no label.
Tensor irm_penalty(const Head& head, const Scores& scores, const Batch& rows);

class Irm final : public Penalised {
 public:
  explicit Irm(const Config& config) : Penalised("irm", config) {}

 protected:
  Tensor penalty(Step& step, const std::vector<Domain>& domains) override;
};

}  // namespace graft::plugins
