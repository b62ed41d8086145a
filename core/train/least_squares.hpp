// LeastSquares: the exact minimum of a quadratic loss: the closed form of ridge regression.
//
//   formula  x - H^-1 f'(x), H the Hessian, for `regress` with mse: (X'X + alpha I)^-1 X'y with centred columns
//   H        column by column as f'(x + e_i) - f'(x), which is exact where f is quadratic, and Cholesky, for up to 1,024 weights;
//            above by conjugate gradients, which need no H and leave sparse rows sparse; each parameter is scaled by its mean
//            curvature, for a bias bends a thousand times as much as the weight of a rare word
//   ends     when no entry of the gradient is larger than `tolerance`
//   source   Hoerl and Kennard 1970; Hestenes and Stiefel 1952
//   errors   Error("optimizer") when f is not quadratic, or has no single minimum
#pragma once

#include "core/train/solver.hpp"

namespace graft::core {

class LeastSquares final : public Solver {
 public:
  struct Options {
    double penalty = 0;  // 2 alpha
    double tolerance = 1e-9;
    std::int64_t direct = 1024;  // the most weights whose Hessian is made
  };
  explicit LeastSquares(Options options) : options_(options) {}

  const char* name() const override { return "least_squares"; }
  double penalty() const override { return options_.penalty; }
  Result solve(Objective& f) override;

 private:
  Options options_;
};

}  // namespace graft::core
