#include "core/train/last_stage.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "core/registry/crash.hpp"
#include "core/train/phases.hpp"
#include "core/train/task_gradients.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

std::vector<Tensor> of_stage(const Parameters& parameters, const std::string& stage) {
  std::vector<Tensor> tensors;
  for (const Parameter& parameter : parameters)
    if (parameter.trains && !parameter.is_of_head() && !parameter.is_of_task() && is_in_stage(parameter.name, stage))
      tensors.push_back(parameter.tensor);
  return tensors;
}

bool is_reached(const TaskGradients& gradients) {
  return std::any_of(gradients.shared.begin(), gradients.shared.end(), [](const std::vector<Tensor>& row) {
    return std::any_of(row.begin(), row.end(), [](const Tensor& gradient) { return gradient.defined(); });
  });
}

TaskGradients at_last_stage(const Terms& terms, const Parameters& parameters, const std::vector<std::string>& stages,
                            Balance& balance) {
  const std::vector<Tensor> heads = head_parameters(parameters);
  for (auto stage = stages.rbegin(); stage != stages.rend(); ++stage) {
    const std::vector<Tensor> tensors = of_stage(parameters, *stage);
    if (tensors.empty()) continue;
    TaskGradients gradients(terms, balance, tensors, heads);
    if (!is_reached(gradients)) continue;
    balance.looked_at(stage->empty() ? "the model" : *stage);
    return gradients;
  }
  throw Error("task", "at: last_stage needs a stage of the model that trains, and none does in this phase");
}

// What goes back through the model: the tasks' losses with their weights, and the penalties as they are.
Tensor weighted_loss(const Terms& terms, const Balance& balance, const std::vector<double>& weights) {
  const std::vector<const Term*> tasks = balanced_terms(terms, balance);
  Tensor total;
  for (std::size_t k = 0; k < tasks.size(); ++k) add_weighted(total, tasks[k]->sum / tasks[k]->count, weights[k]);
  for (const Term& term : terms)
    if (is_penalty(term, balance)) add_weighted(total, term.sum / term.count, 1.0);
  return total;
}

}  // namespace

void backward_by_last_stage(const Terms& terms, Parameters& parameters, const std::vector<std::string>& stages, Balance& balance,
                            const Progress& progress) {
  const Breadcrumb breadcrumb(host_itself(), "backward");
  if (balanced_terms(terms, balance).empty()) return Accumulator().add(terms, parameters, Pass::kAtOnce);
  const TaskGradients gradients = at_last_stage(terms, parameters, stages, balance);
  const Balance::Combined combined = balance.combine(gradients.present, gradients.shared, progress);
  torch::autograd::backward({weighted_loss(terms, balance, combined.weights)}, {}, /*retain_graph=*/true, false,
                            shared_parameters(parameters));

  const std::vector<Tensor> heads = head_parameters(parameters);
  std::vector<Tensor> sums(heads.size());
  for (std::size_t k = 0; k < gradients.heads.size(); ++k)
    for (std::size_t i = 0; i < heads.size(); ++i) add_weighted(sums[i], gradients.heads[k][i], combined.head_weights[k]);
  for (const Term& term : terms) {
    if (!is_penalty(term, balance)) continue;
    const auto penalty = torch::autograd::grad({term.sum / term.count}, heads, {}, /*retain_graph=*/true, false, true);
    for (std::size_t i = 0; i < heads.size(); ++i) add_weighted(sums[i], penalty[i], 1.0);
  }
  for (std::size_t i = 0; i < heads.size(); ++i)
    if (sums[i].defined()) heads[i].mutable_grad() = sums[i];
}

}  // namespace graft::core
