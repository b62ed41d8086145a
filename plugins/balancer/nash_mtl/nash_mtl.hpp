// NashMtl: the direction on which the tasks agree as bargainers: the product of their gains is the largest.
//
//   formula  (G w)_i = 1 / w_i, times sqrt(|G|_F) (bargain.hpp)
//   length   max_norm > 0: the direction is never longer than that
//   source   Navon et al. 2022, arXiv:2202.01017
//   differs  solved by Newton on the equivalent convex problem, exactly; the authors' code linearises it, at most 20 times.
//            One gradient alone has weight 1
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class NashMtl final : public GramianBalancer {
 public:
  explicit NashMtl(const Config& config);
  bool scales_heads() const override { return true; }

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
  double weight_without_gradient(std::size_t) const override { return 1; }
  double max_norm_;
};

}  // namespace graft::plugins
