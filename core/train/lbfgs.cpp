#include "core/train/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "core/train/line_search.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

class Memory {
 public:
  Memory(std::int64_t most, std::vector<Range> parameters)
      : most_(static_cast<std::size_t>(most)), parameters_(std::move(parameters)) {}
  bool is_empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }

  void add(const Point& from, const Point& to) {
    Change change{to.x, to.gradient, 0};
    add_scaled(change.weights, -1, from.x);
    add_scaled(change.gradient, -1, from.gradient);
    change.product = dot(change.weights, change.gradient);
    if (change.product <= 0) return;  // rounding ate the curvature
    if (changes_.size() == most_) changes_.pop_front();
    changes_.push_back(std::move(change));
  }

  Weights direction(const Weights& gradient) const {
    Weights d = gradient;
    std::vector<double> factors(changes_.size());
    for (std::size_t i = changes_.size(); i-- > 0;) {
      factors[i] = dot(changes_[i].weights, d) / changes_[i].product;
      add_scaled(d, -factors[i], changes_[i].gradient);
    }
    for (const Range& range : parameters_) {
      const double scale = is_empty() ? 1 : scale_of(range);
      for (std::size_t i = range.begin; i < range.end; ++i) d[i] *= -scale;
    }
    for (std::size_t i = 0; i < changes_.size(); ++i)
      add_scaled(d, -factors[i] - dot(changes_[i].gradient, d) / changes_[i].product, changes_[i].weights);
    return d;
  }

 private:
  struct Change {
    Weights weights, gradient;
    double product;
  };

  // By the last change; where rounding or the other parameters leave this one no curvature, that of all.
  double scale_of(const Range& range) const {
    const Change& last = changes_.back();
    const double product = dot(last.weights, last.gradient, range), square = dot(last.gradient, last.gradient, range);
    const bool is_curved = product > 0 && std::isfinite(product / square);
    return is_curved ? product / square : last.product / dot(last.gradient, last.gradient);
  }

  std::size_t most_;
  std::vector<Range> parameters_;
  std::deque<Change> changes_;
};

void warn_of(const Solver::Result& result, double tolerance, std::int64_t iterations) {
  const bool is_out = result.iterations == iterations;
  warn("optimizer", "lbfgs must bring the gradient to " + to_json(Value(tolerance)) + ", got to " +
                        to_json(Value(result.gradient)) +
                        (is_out ? " in " + std::to_string(iterations) + " iterations: raise optimizer.iterations"
                                : ", where rounding leaves no way down: raise optimizer.tolerance") +
                        ", or bring the features to one scale (standard_scaler)");
}

}  // namespace

Solver::Result Lbfgs::solve(Objective& f) {
  Point now;
  now.x = f.start();
  now.value = f.at(now.x, now.gradient);
  Memory memory(options_.history, f.parameters());
  Result result;
  while (largest(now.gradient) > options_.tolerance && result.iterations < options_.iterations) {
    const Weights direction = memory.direction(now.gradient);
    now.step = 0;
    now.slope = dot(now.gradient, direction);
    const double first = memory.is_empty() ? std::min(1.0, 1 / std::sqrt(-now.slope)) : 1;
    std::optional<Point> next = now.slope < 0 ? search_line(f, now, direction, first) : std::nullopt;
    if (!next && memory.is_empty()) break;
    if (!next) {
      memory.clear();
      continue;
    }
    memory.add(now, *next);
    now = *std::move(next);
    ++result.iterations;
  }
  f.at(now.x, now.gradient);  // leaves the parameters there
  result.evaluations = f.evaluations();
  result.value = now.value;
  result.gradient = largest(now.gradient);
  result.is_solved = result.gradient <= options_.tolerance;
  if (!result.is_solved) warn_of(result, options_.tolerance, options_.iterations);
  return result;
}

}  // namespace graft::core
