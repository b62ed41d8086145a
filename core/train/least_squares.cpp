#include "core/train/least_squares.hpp"

#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_cholesky_ex.h>

#include "graft/error.hpp"
#include "graft/rng.hpp"

namespace graft::core {
namespace {

constexpr double kFlat = 1e-13;   // of a feature's own curvature: what is left of it beside the others is rounding
constexpr double kSquare = 1e-6;  // of the change of a gradient: what may be rounding in float losses
constexpr int kRefinements = 3;   // of the solution by Cholesky, each from the gradient that is left

// H v = f'(x + v) - f'(x), for quadratic f.
Weights curvature(Objective& f, const Weights& x, const Weights& gradient, const Weights& v) {
  Weights moved = x, changed;
  add_scaled(moved, 1, v);
  f.at(moved, changed);
  add_scaled(changed, -1, gradient);
  return changed;
}

// Twice as far along the gradient, it must change twice as much.
void require_square(Objective& f, const Weights& x, const Weights& gradient) {
  Weights twice = gradient;
  add_scaled(twice, 1, gradient);
  const Weights once = curvature(f, x, gradient, gradient);
  Weights left = curvature(f, x, gradient, twice);
  add_scaled(left, -2, once);
  if (largest(left) <= kSquare * largest(once)) return;
  throw Error(
      "optimizer",
      "least_squares solves for square losses, such as that of the head regress with mse, and this loss is none: use lbfgs");
}

Tensor vector_of(Weights& x) { return at::from_blob(x.data(), {static_cast<std::int64_t>(x.size()), 1}, at::kDouble); }

Tensor factor(Objective& f, const Weights& x, const Weights& gradient) {
  const auto size = static_cast<std::int64_t>(x.size());
  Tensor hessian = at::empty({size, size}, at::kDouble);
  for (std::int64_t i = 0; i < size; ++i) {
    Weights unit(x.size());
    unit[static_cast<std::size_t>(i)] = 1;
    Weights column = curvature(f, x, gradient, unit);
    hessian.select(0, i).copy_(vector_of(column).squeeze(1));
  }
  const auto [lower, info] = at::linalg_cholesky_ex(hessian.add(hessian.t()).div(2));
  const bool is_flat =
      info.item<std::int64_t>() != 0 || lower.diagonal().square().div(hessian.diagonal()).min().item<double>() < kFlat;
  if (is_flat)
    throw Error("optimizer",
                "least_squares must have one minimum, but some features follow from others: set optimizer.alpha over 0");
  return lower;
}

struct At {
  Weights x, gradient;
  double value;
};

// Steps counted; each solves for the gradient that is left.
std::int64_t solve_directly(Objective& f, At& at, double tolerance) {
  const Tensor lower = factor(f, at.x, at.gradient);
  std::int64_t steps = 0;
  for (; steps < kRefinements && largest(at.gradient) > tolerance; ++steps) {
    Weights left = at.gradient;
    Weights step(left.size());
    vector_of(step).copy_(at::cholesky_solve(vector_of(left), lower));
    add_scaled(at.x, -1, step);
    at.value = f.at(at.x, at.gradient);
  }
  return steps;
}

// For each parameter 1 over the mean of H's diagonal over its weights, by one probe z of signs: z H z is its trace, but for what
// cancels.   source   Hutchinson 1990
class Scales {
 public:
  Scales(Objective& f, const At& at) : parameters_(f.parameters()) {
    Rng rng(0);
    for (const Range& range : parameters_) {
      Weights probe(at.x.size());
      for (std::size_t i = range.begin; i < range.end; ++i) probe[i] = rng.bits() & 1 ? 1 : -1;
      const double bend = dot(probe, curvature(f, at.x, at.gradient, probe)) / static_cast<double>(range.end - range.begin);
      scales_.push_back(bend > 0 ? 1 / bend : 1);
    }
  }
  Weights times(Weights x) const {
    for (std::size_t p = 0; p < parameters_.size(); ++p)
      for (std::size_t i = parameters_[p].begin; i < parameters_[p].end; ++i) x[i] *= scales_[p];
    return x;
  }

 private:
  std::vector<Range> parameters_;
  std::vector<double> scales_;
};

std::int64_t solve_by_conjugates(Objective& f, At& at, double tolerance) {
  const auto most = static_cast<std::int64_t>(10 * at.x.size());
  const Scales scales(f, at);
  std::int64_t steps = 0;
  Weights direction(at.x.size());
  double before = 1, square = 0;
  while (largest(at.gradient) > tolerance && steps < most) {
    const Weights scaled = scales.times(at.gradient);
    square = dot(at.gradient, scaled);
    for (double& entry : direction) entry *= steps == 0 ? 0 : square / before;
    add_scaled(direction, -1, scaled);
    const Weights curved = curvature(f, at.x, at.gradient, direction);
    const double bend = dot(direction, curved);
    if (!(bend > 0)) break;
    add_scaled(at.x, square / bend, direction);
    add_scaled(at.gradient, square / bend, curved);
    before = square;
    if (++steps % 50 == 0 || largest(at.gradient) <= tolerance) at.value = f.at(at.x, at.gradient);  // anew: rounding gathers
  }
  return steps;
}

}  // namespace

Solver::Result LeastSquares::solve(Objective& f) {
  At at{f.start(), {}, 0};
  at.value = f.at(at.x, at.gradient);
  require_square(f, at.x, at.gradient);
  const bool is_direct = static_cast<std::int64_t>(at.x.size()) <= options_.direct;
  Result result;
  result.iterations = is_direct ? solve_directly(f, at, options_.tolerance) : solve_by_conjugates(f, at, options_.tolerance);
  result.value = f.at(at.x, at.gradient);  // leaves the parameters there
  result.evaluations = f.evaluations();
  result.gradient = largest(at.gradient);
  result.is_solved = result.gradient <= options_.tolerance;
  if (!result.is_solved)
    throw Error("optimizer", "least_squares must bring the gradient to " + to_json(Value(options_.tolerance)) + ", got to " +
                                 to_json(Value(result.gradient)) +
                                 ": allow more by optimizer.tolerance, or set optimizer.alpha higher");
  return result;
}

}  // namespace graft::core
