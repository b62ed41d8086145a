// LastStage: tasks balanced by their gradients at the parameters of the last stage of the model that they share. One pass a task as
// far as there, one back through the whole model with the weights: tasks may have rows of their own, and the cost is near a plain step.
//
//   stage    the last one with parameters that train and that some task reaches
//   gives    grad() of the model's parameters: sum_k w_k g_k; of a head's: its own task's gradient, times w_k where weights scale heads
//   refused  balancers that give a direction in place of weights: it would be one of the last stage alone
//   source   Chen et al. 2018, arXiv:1711.02257, section 3: GradNorm looks at the last shared layer, to save computation
#pragma once

#include <string>
#include <vector>

#include "core/train/balance.hpp"

namespace graft::core {

void backward_by_last_stage(const Terms& terms, Parameters& parameters, const std::vector<std::string>& stages, Balance& balance,
                            const Progress& progress);

}  // namespace graft::core
