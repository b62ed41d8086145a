#include "core/train/cut_features.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

namespace graft::core {

void CutFeatures::clear() {
  given_.clear();
  leaves_.clear();
}

void CutFeatures::cut(Batch& features) {
  if (!given_.empty())
    throw HostError("task",
                    "at: features needs one pass through the model in a step, and this task makes several: set at to parameters");
  const auto leaf_of = [&](const Tensor& tensor) {
    given_.push_back(tensor);
    leaves_.push_back(tensor.detach().set_requires_grad(true));
    return leaves_.back();
  };
  for (const std::string& name : features.names()) {
    if (const auto* tensor = std::get_if<Tensor>(&features.column(name)); tensor && tensor->is_floating_point())
      features.set(name, leaf_of(*tensor));
    else if (const auto* rows = std::get_if<Ragged>(&features.column(name)); rows && rows->values.is_floating_point())
      features.set(name, Ragged{leaf_of(rows->values), rows->offsets, rows->longest});
  }
}

void CutFeatures::backward(const Terms& terms, Parameters& parameters, Balance& balance, const Progress& progress) {
  std::vector<Tensor> own;  // of heads
  for (const Parameter& parameter : parameters)
    if (parameter.trains && parameter.is_of_head()) own.push_back(parameter.tensor);
  std::vector<Tensor> all = leaves_;
  all.insert(all.end(), own.begin(), own.end());

  const auto gradient_of = [&](const Term& term) {
    return torch::autograd::grad({term.sum / term.count}, all, {}, /*retain_graph=*/true, false, /*allow_unused=*/true);
  };
  const Balance::Present present = present_tasks(terms, balance);
  std::vector<std::vector<Tensor>> at_leaves, at_heads;
  for (const Term* term : balanced_terms(terms, balance)) {
    const std::vector<Tensor> gradients = gradient_of(*term);
    const auto middle = gradients.begin() + static_cast<std::ptrdiff_t>(leaves_.size());
    at_leaves.emplace_back(gradients.begin(), middle);
    at_heads.emplace_back(middle, gradients.end());
  }
  std::vector<Tensor> sums(leaves_.size()), head_sums(own.size());
  const auto add = [](Tensor& sum, const Tensor& more, double weight) {
    if (more.defined()) sum = sum.defined() ? sum + more * weight : more * weight;
  };
  if (!present.tasks.empty()) {
    const Balance::Combined combined = balance.combine(present, at_leaves, progress);
    sums = combined.shared;
    for (std::size_t k = 0; k < at_heads.size(); ++k)
      for (std::size_t i = 0; i < own.size(); ++i) add(head_sums[i], at_heads[k][i], combined.head_weights[k]);
  }
  for (const Term& term : terms) {
    if ((term.balanced && balance.number_of(term.name) >= 0) || term.count.item<double>() <= 0) continue;
    const std::vector<Tensor> gradients = gradient_of(term);  // a penalty: as it is
    for (std::size_t i = 0; i < sums.size(); ++i) add(sums[i], gradients[i], 1.0);
    for (std::size_t i = 0; i < own.size(); ++i) add(head_sums[i], gradients[leaves_.size() + i], 1.0);
  }
  for (std::size_t i = 0; i < own.size(); ++i)
    if (head_sums[i].defined()) own[i].mutable_grad() = head_sums[i];

  std::vector<Tensor> through, with;
  for (std::size_t i = 0; i < given_.size(); ++i)
    if (given_[i].requires_grad() && sums[i].defined()) through.push_back(given_[i]), with.push_back(sums[i]);
  if (!through.empty()) torch::autograd::backward(through, with);
  clear();
}

}  // namespace graft::core
