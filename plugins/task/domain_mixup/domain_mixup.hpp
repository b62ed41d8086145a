// DomainMixup: rows between domains, at the features: each domain's rows are mixed with another's, and so are their losses.
//
//   formula   for a random pairing of the domains (i, j):  f = l f_i + (1 - l) f_j,  loss = l loss(f, y_i) + (1 - l) loss(f, y_j),
//             l ~ Beta(alpha, alpha), one a pair and step; the mean over the pairs
//   rows      the first min(n_i, n_j) of both; every domain is once i and once j
//   source    Yan et al. 2020, arXiv:2001.00677 (inter-domain mixup); DomainBed's algorithm Mixup
//   differs   DomainBed mixes pixels, which words do not have; here the column "features" is mixed, as manifold mixup does at its top
//   errors    Error("graft/domain_mixup") when there is a single domain, or no dense features
#pragma once

#include "../domains.hpp"

namespace graft::plugins {

double draw_beta(double alpha, Rng& rng);  // Beta(alpha, alpha) in [0, 1], by Joehnk 1964; alpha in (0, 2]

class DomainMixup final : public Domains {
 public:
  explicit DomainMixup(const Config& config);
  void setup(Session& session) override;

 private:
  Terms combine(Step& step, const std::vector<Domain>& domains) override;

  double alpha_;
};

}  // namespace graft::plugins
