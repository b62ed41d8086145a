// Mmd: features of both domains with the same distribution, by the maximum mean discrepancy.
//
//   formula   weight * (mean k(s, s') + mean k(t, t') - 2 mean k(s, t)),  k(x, y) = sum over gammas of exp(-gamma ||x - y||^2)
//             the biased estimate: pairs of a row with itself count
//   source    Gretton et al. 2012, JMLR 13; the fixed gammas of DomainBed
//   differs   from tllib, whose bandwidth follows the batch
#pragma once

#include "../adaptation.hpp"

namespace graft::plugins {

Tensor mmd_loss(const Tensor& source, const Tensor& target, const std::vector<double>& gammas);  // [n, d], [m, d] -> []

class Mmd final : public Adaptation {
 public:
  explicit Mmd(const Config& config);

 protected:
  Term penalty(Step& step, const Domain& source, const Domain& target) override;

 private:
  double weight_;
  std::vector<double> gammas_;
};

}  // namespace graft::plugins
