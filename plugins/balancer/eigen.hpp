// Eigenvalues and vectors of a small symmetric matrix: G = V diag(values) V^T.
//
//   source   Golub and Van Loan 2013, "Matrix Computations", section 8.5 (cyclic Jacobi); exact to rounding for tens of tasks
#pragma once

#include <vector>

#include "gramian.hpp"

namespace graft::plugins {

struct Eigen {
  std::vector<double> values;  // [K] in no order
  Gramian vectors;             // [K, K], one in each column

  explicit Eigen(const Gramian& symmetric);
  double largest() const;
  // sum over the eigenvalues above `floor` of f(value) (v^T x) v
  template <class F>
  std::vector<double> apply(const std::vector<double>& x, double floor, F f) const {
    std::vector<double> result(x.size(), 0.0);
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (values[k] <= floor) continue;
      double along = 0;
      for (std::size_t i = 0; i < x.size(); ++i) along += vectors(i, k) * x[i];
      for (std::size_t i = 0; i < x.size(); ++i) result[i] += f(values[k]) * along * vectors(i, k);
    }
    return result;
  }
};

}  // namespace graft::plugins
