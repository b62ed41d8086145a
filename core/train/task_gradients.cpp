#include "core/train/task_gradients.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

namespace graft::core {

namespace {

std::vector<Tensor> training(const Parameters& parameters, bool of_heads) {
  std::vector<Tensor> tensors;
  for (const Parameter& parameter : parameters)
    if (parameter.trains && parameter.is_of_head() == of_heads) tensors.push_back(parameter.tensor);
  return tensors;
}

}  // namespace

std::vector<Tensor> head_parameters(const Parameters& parameters) { return training(parameters, true); }
std::vector<Tensor> shared_parameters(const Parameters& parameters) { return training(parameters, false); }

TaskGradients::TaskGradients(const Terms& terms, const Balance& balance, const std::vector<Tensor>& at,
                             const std::vector<Tensor>& of_heads)
    : present(present_tasks(terms, balance)) {
  std::vector<Tensor> all = at;
  all.insert(all.end(), of_heads.begin(), of_heads.end());
  for (const Term* term : balanced_terms(terms, balance)) {
    const auto gradients = torch::autograd::grad({term->sum / term->count}, all, {}, /*retain_graph=*/true, false,
                                                 /*allow_unused=*/true);
    const auto middle = gradients.begin() + static_cast<std::ptrdiff_t>(at.size());
    shared.emplace_back(gradients.begin(), middle);
    heads.emplace_back(middle, gradients.end());
  }
}

void add_weighted(Tensor& sum, const Tensor& more, double weight) {
  if (more.defined()) sum = sum.defined() ? sum + more * weight : more * weight;
}

bool is_penalty(const Term& term, const Balance& balance) {
  return !(term.balanced && balance.number_of(term.name) >= 0) && term.count.item<double>() > 0;
}

}  // namespace graft::core
