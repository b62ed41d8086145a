// AlignedMtl: aligns the principal components of the gradients: all singular values of J become the smallest one; then the mean.
//
//   formula  w = sqrt(l_min) V diag(1 / sqrt(l)) V^T (1 / K),  G = V diag(l) V^T over eigenvalues l above K 2^-23 of the largest
//   source   Senushkin et al. 2023, arXiv:2305.19000; scale "min"
//   differs  averaged, as torchjd; LibMTL adds, which is K times as long
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class AlignedMtl final : public GramianBalancer {
 public:
  explicit AlignedMtl(const Config&);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
};

}  // namespace graft::plugins
