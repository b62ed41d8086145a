// Line search: a step along a direction of descent that meets the strong Wolfe conditions.
//
//   accepts  f(t) <= f(0) + 1e-4 t f'(0) + 1e-12 |f(0)|   and   |f'(t)| <= 0.9 |f'(0)|
//   method   doubles the step until a minimum is enclosed, then cubic interpolation between the ends, kept off both by a tenth
//   source   Nocedal and Wright 2006, Numerical Optimization, algorithm 3.5 and equation 3.59
//   differs  the last summand of the first condition: what f cannot tell for rounding, its slope decides (Hager and Zhang 2005)
#pragma once

#include <optional>

#include "core/train/objective.hpp"

namespace graft::core {

struct Point {  // along the ray
  double step = 0, value = 0, slope = 0;
  Weights x, gradient;
};

// From `from` (step 0) along `direction`, trying `first` at first. None when 40 places do not do.
// REQUIRES: from.slope < 0.
std::optional<Point> search_line(Objective& f, const Point& from, const Weights& direction, double first);

}  // namespace graft::core
