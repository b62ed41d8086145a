#include "core/train/cut_features.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/registry/crash.hpp"
#include "core/train/task_gradients.hpp"

namespace graft::core {

void CutFeatures::clear() {
  given_.clear();
  leaves_.clear();
}

void CutFeatures::cut(Batch& features) {
  if (!given_.empty())
    throw HostError("task",
                    "at: features needs one pass through the model in a step, and this task makes several: set at to last_stage "
                    "or parameters");
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
  const Breadcrumb breadcrumb(host_itself(), "backward");
  const std::vector<Tensor> own = head_parameters(parameters);
  const TaskGradients gradients(terms, balance, leaves_, own);
  std::vector<Tensor> sums(leaves_.size()), head_sums(own.size());
  if (!gradients.present.tasks.empty()) {
    const Balance::Combined combined = balance.combine(gradients.present, gradients.shared, progress);
    sums = combined.shared;
    for (std::size_t k = 0; k < gradients.heads.size(); ++k)
      for (std::size_t i = 0; i < own.size(); ++i) add_weighted(head_sums[i], gradients.heads[k][i], combined.head_weights[k]);
  }
  // A penalty may reach the model past its features: by its weights, or by hidden tensors.
  const std::vector<Tensor> model = shared_parameters(parameters);
  std::vector<Tensor> all = leaves_, past(model.size());
  all.insert(all.end(), own.begin(), own.end());
  all.insert(all.end(), model.begin(), model.end());
  for (const Term& term : terms) {
    if (!is_penalty(term, balance)) continue;
    const auto penalty = torch::autograd::grad({term.sum / term.count}, all, {}, /*retain_graph=*/true, false, true);
    auto each = penalty.begin();
    for (std::vector<Tensor>* part : {&sums, &head_sums, &past})
      for (Tensor& sum : *part) add_weighted(sum, *each++, 1.0);
  }
  for (std::size_t i = 0; i < model.size(); ++i)
    if (past[i].defined()) model[i].mutable_grad() = past[i];
  for (std::size_t i = 0; i < own.size(); ++i)
    if (head_sums[i].defined()) own[i].mutable_grad() = head_sums[i];

  std::vector<Tensor> through, with;
  for (std::size_t i = 0; i < given_.size(); ++i)
    if (given_[i].requires_grad() && sums[i].defined()) through.push_back(given_[i]), with.push_back(sums[i]);
  if (!through.empty()) torch::autograd::backward(through, with);
  clear();
}

}  // namespace graft::core
