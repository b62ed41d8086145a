// Sum: the losses added up, each with a fixed weight. The baseline that every other balancer has to beat.
//
//   formula  sum of w_i L_i
//   weights  one number a task, in the order of the tasks; none given: 1 each
//   throws   Error from build() when the number of weights is not that of the tasks
#pragma once

#include "../loss_balancer.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Sum final : public LossBalancer {
 public:
  explicit Sum(const Config& config);
  Tensor combine(const Losses& losses) override;
  void build(std::int64_t tasks) override;

 private:
  std::vector<double> given_, weights_;  // as configured; one a task
};

}  // namespace graft::plugins
