// Term: one thing a step minimises. It travels as sum and count, so that a masked loss of 0 and an honest loss of 0 differ,
// and accumulation, a split batch and several processes give the exact mean.
#pragma once

#include <string>
#include <vector>

#include "graft/tensor.hpp"

namespace graft {

struct Term {
  std::string name;
  Tensor sum;            // []  differentiable
  Tensor count;          // []  rows, or their weights; 0 when no row has a label
  bool balanced = true;  // false: a penalty, added as sum / count outside the balancer
};
using Terms = std::vector<Term>;

}  // namespace graft
