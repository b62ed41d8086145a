// Fairgrad: alpha-fair shares of what the tasks gain by the step. alpha 1 is the direction of nash_mtl; a large one helps the
// task that gains least; a small one comes close to plain gain.
//
//   formula  (G w)_i = w_i^(-1 / alpha), times |G|_F^(alpha / (1 + alpha)) (bargain.hpp)
//   source   Ban and Ji 2024, arXiv:2402.15638
//   differs  solved by Newton on the equivalent convex problem; the authors use least squares on a Gramian not normalised,
//            which gives the same direction and another length. One gradient alone has weight 1
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Fairgrad final : public GramianBalancer {
 public:
  explicit Fairgrad(const Config& config);
  bool scales_heads() const override { return true; }

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double weight_without_gradient(std::size_t) const override { return 1; }
  double alpha_;
};

}  // namespace graft::plugins
