// Small convex problems with non-negative weights, on plain doubles, for tens of tasks.
//
//   source   Lawson and Hanson 1974, "Solving Least Squares Problems", ch. 23 (the active set, here on the normal equations)
#pragma once

#include <vector>

#include "gramian.hpp"

namespace graft::plugins {

// argmin of 1/2 v^T Q v - b^T v over v >= 0. Q positive semidefinite and b in its range, or Q definite.
std::vector<double> nonnegative_minimum(const Gramian& q, const std::vector<double>& b);

// argmin of w^T G w over the simplex (w >= 0, sum 1): the shortest vector in the convex hull of the gradients.
// Found as v / sum(v) of 1/2 v^T (G + t 1 1^T) v - t 1^T v over v >= 0: its optimality conditions are the same for every t > 0.
// The duality gap w^T G w - min(G w) is below 1e-12 of the trace. Tasks without any gradient share the whole weight.
std::vector<double> shortest_in_hull(const Gramian& gramian);

// Solves A x = b for the rows and columns in `set`, A positive definite there; a pivot that vanishes drops its variable to 0.
std::vector<double> solve_definite(const Gramian& a, const std::vector<double>& b, const std::vector<std::size_t>& set);

}  // namespace graft::plugins
