// The fair direction: the positive weights for which each task gains what its weight says, (G a)_i = a_i^(-p).
//
//   problem   min over a > 0 of 1/2 a^T G a - sum_i F(a_i),  F'(a) = a^(-p): strictly convex; damped Newton
//   scale     a is multiplied by |G|_F^(1 / (1 + p)), so that one gradient alone has weight 1 and the weights do not change
//             when all gradients are multiplied by one number
//   limits    gradients that depend on each other have no finite solution: a ridge of 1e-8 on the cosines keeps weights below
//             1e4 of their usual size. A gradient 1e-10 times as long as the longest gets weight 1
//   residual  below 1e-9 of a_i^(-p)
#pragma once

#include <vector>

#include "gramian.hpp"

namespace graft::plugins {

std::vector<double> bargain(const Gramian& gramian, double p);  // p > 0

}  // namespace graft::plugins
