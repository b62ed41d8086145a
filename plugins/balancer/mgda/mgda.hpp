// Mgda: multiple gradient descent. The shortest convex combination of the gradients: no task gets worse, to first order.
//
//   formula  argmin of |sum of w_i g_i| over w_i >= 0, sum of w_i = 1
//   exact    duality gap below 1e-12 of the trace (quadratic.hpp); where gradients depend on each other the direction is unique,
//            the weights are not
//   source   Desideri 2012; Sener and Koltun 2018, arXiv:1810.04650
//   differs  raw gradients, never normalised ones; torchjd stops after 100 Frank-Wolfe steps
#pragma once

#include "../gramian.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Mgda final : public GramianBalancer {
 public:
  explicit Mgda(const Config&);

 private:
  std::vector<double> weights(const Gramian& gramian, const Losses& losses) override;
};

}  // namespace graft::plugins
