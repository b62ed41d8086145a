// Solver: an optimizer that sees the loss of all rows as a function of the weights, and goes to its minimum in one step of the run.
//
//   for      the weights of heads, on features that do not change: logistic regression, ridge, a linear SVM, a probe of a frozen model.
//            Heads run as in evaluation, without dropout, so that the loss is one function
//   calls    solve() in place of step(); the step of the run that follows begins at the rounded weights and remembers nothing, so a
//            resumed run is the uninterrupted one
//   threads  call from one thread
#pragma once

#include <string>
#include <vector>

#include "core/train/objective.hpp"
#include "core/train/optimizer.hpp"

namespace graft::core {

class Solver : public Optimizer {
 public:
  struct Result {
    std::int64_t iterations = 0, evaluations = 0;
    double value = 0, gradient = 0;  // at the end: the objective, and the largest entry of its gradient by size
    bool is_solved = false;
  };

  virtual const char* name() const = 0;    // "lbfgs"
  virtual double penalty() const = 0;      // p of the objective's |w|^2 p / (2 count)
  virtual Result solve(Objective& f) = 0;  // warns when it does not get there

  double step(Parameters& parameters, double rate_factor, double scale) final;  // throws: what it is asked for is solve()
  void reset() final {}
  double learning_rate() const final { return 1; }
  NamedTensors tensors() const final { return {}; }
  Value counts() const final { return Value::Object{}; }
  void restore(const Safetensors&, const Value&, const Parameters&) final {}
};

// throws Error("optimizer") when something else than heads trains in this phase, or an epoch has more than the one batch.
void require_heads_alone(const Solver& solver, const Parameters& parameters, const std::string& phase, std::int64_t batches);

// "41 iterations, 44 evaluations, gradient 7.3e-10"
std::string text_of(const Solver::Result& result);

}  // namespace graft::core
