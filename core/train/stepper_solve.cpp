// How a Stepper takes the step of a solver.
#include <ATen/Functions.h>

#include "core/train/stepper.hpp"
#include "graft/error.hpp"

namespace graft::core {

// Dense features in double, so that no pass over them converts them again.
Batch Stepper::for_solver(Batch features) {
  for (const std::string& name : features.names())
    if (const auto* tensor = std::get_if<Tensor>(&features.column(name)); tensor && tensor->scalar_type() == at::kFloat)
      features.set(name, tensor->detach().to(at::kDouble));
  if (part_count_ == 1) solved_features_ = features;
  return features;
}

// Leaves the gradient of the batch in the parameters; the same draws, rows and parts at each call.
Objective::Loss Stepper::loss_of(const std::function<Terms()>& closure) {
  Objective::Loss loss;
  const std::uint64_t first_pass = passes_;
  const std::int64_t cost = cost_, rows = rows_;
  run_batch([&] {
    Terms terms = closure();
    if (part_ == 0) loss.counts.clear();  // the first part, or the first again: the batch did not fit
    for (const Term& term : terms) loss.counts[term.name] += term.count.item<double>();
    return terms;
  });
  accumulators_[0].settle(*parameters_, nullptr, progress_);
  loss.value = accumulators_[0].read();
  passes_ = first_pass, cost_ = cost, rows_ = rows;
  return loss;
}

void Stepper::solve(Solver& solver, const std::function<Terms()>& closure) {
  if (balance_)
    throw Error("optimizer", std::string(solver.name()) + " minimises the sum of the losses: leave task.balancer out");
  solves_ = true;
  optimizer_ = 0;
  {
    Objective objective(*parameters_, solver.penalty(), [&] { return loss_of(closure); });
    result_.solved = solver.solve(objective);
  }
  solves_ = false;
  solved_features_.reset();
  cost_ = rows_ = 0;
  result_.loss = result_.solved->value;
  result_.gradient_norm = result_.solved->gradient;
}

}  // namespace graft::core
