// The fair direction: the positive weights for which each task gains what its weight says, (G a)_i = a_i^(-p).
//
//   problem   min over a > 0 of 1/2 a^T G a - sum_i F(a_i),  F'(a) = a^(-p): strictly convex; damped Newton
//   scale     a is multiplied by |G|_F^(1 / (1 + p)), so that one gradient alone has weight 1 and the weights do not change
//             when all gradients are multiplied by one number
//   limits    gradients that no direction can serve together have no finite solution: where a ridge of 1e-8 on the cosines gives
//             more than 1e-3 of some task's gain it stays, and keeps weights below 1e4 of their usual size. A gradient 1e-10
//             times as long as the longest gets weight 1
//   residual  below 1e-9 of a_i^(-p) without the ridge; with it rounding leaves up to 1e-5 for 20 tasks
#pragma once

#include <vector>

#include "gramian.hpp"

namespace graft::plugins {

std::vector<double> bargain(const Gramian& gramian, double p);  // p > 0

}  // namespace graft::plugins
