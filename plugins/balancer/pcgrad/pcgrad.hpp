// Pcgrad: projecting conflicting gradients. From each gradient goes what points against another; then the sum.
//
//   formula  for each i, p = g_i; for each other j in turn: if p . g_j < 0, p -= (p . g_j) / |g_j|^2 g_j; direction: sum of p
//   order    random: drawn for each i, keyed by seed and step; fixed: ascending
//   source   Yu et al. 2020, arXiv:2001.06782
//   differs  from neither LibMTL nor torchjd: a sum, not a mean
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Pcgrad final : public GramianBalancer {
 public:
  explicit Pcgrad(const Config& config);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double weight_without_gradient(std::size_t) const override { return 1; }
  bool is_random_;
};

}  // namespace graft::plugins
