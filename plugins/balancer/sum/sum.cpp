#include "sum.hpp"

#include "graft/error.hpp"

namespace graft::plugins {

Sum::Sum(const Config& config) : given_(config.numbers("weights")) {}

void Sum::build(std::int64_t tasks) {
  weights_ = given_;
  if (given_.empty()) weights_.assign(static_cast<std::size_t>(tasks), 1.0);
  if (static_cast<std::int64_t>(weights_.size()) != tasks)
    throw Error("graft/sum", "weights must have one number for each of the " + std::to_string(tasks) + " tasks, got " +
                                 std::to_string(given_.size()));
}

Tensor Sum::combine(const Losses& losses) {
  std::vector<double> weights;
  for (std::int64_t task : losses.tasks()) weights.push_back(weights_.at(static_cast<std::size_t>(task)));
  return weighted_sum(losses.values(), weights);
}

}  // namespace graft::plugins
