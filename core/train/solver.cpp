#include "core/train/solver.hpp"

#include <cstdio>

#include "graft/error.hpp"

namespace graft::core {

double Solver::step(Parameters&, double, double) {
  throw Error("optimizer", std::string(name()) + " solves for all rows at once and takes no single step");
}

void require_heads_alone(const Solver& solver, const Parameters& parameters, const std::string& phase, std::int64_t batches) {
  if (batches > 1)
    throw Error("optimizer", std::string(solver.name()) + " needs all rows in one batch, and the streams make " +
                                 std::to_string(batches) + ": solve for one stream, or use adamw");
  for (const Parameter& parameter : parameters)
    if (parameter.trains && !parameter.is_of_head())
      throw Error("optimizer", std::string(solver.name()) + " solves for heads alone, and in the phase " + phase + " " +
                                   parameter.name + " trains too: set \"phases\": {\"" + phase +
                                   "\": {\"train\": [\"heads\"]}}, or use adamw");
}

std::string text_of(const Solver::Result& result) {
  char text[160];
  std::snprintf(text, sizeof text, "%lld iterations, %lld evaluations, gradient %.2g%s",
                static_cast<long long>(result.iterations), static_cast<long long>(result.evaluations), result.gradient,
                result.is_solved ? "" : ", not at the minimum");
  return text;
}

}  // namespace graft::core
