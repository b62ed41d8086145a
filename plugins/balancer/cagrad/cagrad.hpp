// Cagrad: conflict-averse gradient descent. In a ball about the mean gradient g0, the direction that serves the worst task best.
//
//   formula  d = g0 + c |g0| g_w / |g_w|,  w = argmin over the simplex of g_w . g0 + c |g0| |g_w|,  g_w = sum of w_i g_i
//   solved   c |g0| |g_w| = min over s > 0 of c |g0| (|g_w|^2 / s + s) / 2: for a fixed s it is the shortest vector in the hull
//            of the gradients g_i + (s / (c |g0|)) g0 (quadratic.hpp); s is the fixed point s = |g_w|, found by halving
//   limits   |g_w| under norm_eps of the gradients' common length: a front where no common descent is left, all weights 0
//   source   Liu et al. 2021, arXiv:2110.14048
//   differs  not divided by 1 + c^2 (as torchjd; LibMTL divides). torchjd also gives 0 when the trace is under 1e-4: not here.
//            One task alone has weight 1, not 1 + c
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Cagrad final : public GramianBalancer {
 public:
  explicit Cagrad(const Config& config);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double c_, norm_eps_;
};

}  // namespace graft::plugins
