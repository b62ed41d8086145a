#include "core/train/accumulator.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include "graft/error.hpp"

namespace graft::core {
namespace {

std::vector<Tensor> trained(const Parameters& parameters) {
  std::vector<Tensor> tensors;
  for (const Parameter& parameter : parameters)
    if (parameter.trains) tensors.push_back(parameter.tensor);
  return tensors;
}

// Terms whose count is 0 have no rows: they give no gradient rather than a division by zero; on a GPU, where asking for the count
// would make the host wait, a gradient of zeros.
Tensor mean_of(const Terms& terms) {
  Tensor total;
  for (const Term& term : terms) {
    if (term.count.is_cpu() && term.count.item<double>() <= 0) continue;
    const Tensor mean = term.count.is_cpu() ? term.sum / term.count : term.sum / at::where(term.count > 0, term.count, 1);
    total = total.defined() ? total + mean : mean;
  }
  return total;
}

}  // namespace

void Accumulator::add(const Terms& terms, Parameters& parameters, bool only) {
  if (only) {
    if (const Tensor mean = mean_of(terms); mean.defined() && mean.requires_grad()) torch::autograd::backward({mean}, {});
  }
  const std::vector<Tensor> tensors = only ? std::vector<Tensor>{} : trained(parameters);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    Sum& sum = sums_[terms[t].name];
    take(sum);
    sum.sum_there = terms[t].sum.detach();
    sum.count_there = terms[t].count.detach();
    if (terms[t].sum.is_cpu()) take(sum);
    if (only || !terms[t].sum.requires_grad()) continue;
    const bool others_follow = t + 1 < terms.size();
    const auto gradients = torch::autograd::grad({terms[t].sum}, tensors, {}, others_follow, false, true);
    sum.gradients.resize(tensors.size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (!gradients[i].defined()) continue;
      sum.gradients[i] = sum.gradients[i].defined() ? sum.gradients[i].add_(gradients[i]) : gradients[i].clone();
    }
  }
}

void Accumulator::merge(Accumulator&& other) {
  at::NoGradGuard no_grad;
  for (auto& [name, from] : other.sums_) {
    Sum& sum = sums_[name];
    take(sum);
    if (from.sum_there.defined()) std::swap(sum.sum_there, from.sum_there), std::swap(sum.count_there, from.count_there);
    sum.sum += from.sum;
    sum.count += from.count;
    sum.gradients.resize(std::max(sum.gradients.size(), from.gradients.size()));
    for (std::size_t i = 0; i < from.gradients.size(); ++i) {
      Tensor& gradient = sum.gradients[i];
      if (from.gradients[i].defined())
        gradient = gradient.defined() ? gradient.add_(from.gradients[i]) : std::move(from.gradients[i]);
    }
  }
  other.sums_.clear();
}

void Accumulator::take(Sum& sum) {
  if (!sum.sum_there.defined()) return;
  sum.sum += sum.sum_there.item<double>();
  sum.count += sum.count_there.item<double>();
  sum.sum_there = sum.count_there = Tensor();
}

void Accumulator::settle(Parameters& parameters) {
  at::NoGradGuard no_grad;
  std::vector<Tensor> tensors = trained(parameters);
  for (auto& [name, sum] : sums_) {
    if (sum.gradients.empty()) continue;
    take(sum);
    for (std::size_t i = 0; sum.count > 0 && i < sum.gradients.size(); ++i) {
      if (!sum.gradients[i].defined()) continue;
      Tensor scaled = sum.gradients[i].div_(sum.count);
      Tensor& gradient = tensors[i].mutable_grad();
      gradient = gradient.defined() ? gradient.add_(scaled) : scaled;
    }
  }
}

double Accumulator::read() {
  double loss = 0;
  for (auto& [name, sum] : sums_) {
    take(sum);
    if (sum.count > 0) loss += sum.sum / sum.count;
  }
  sums_.clear();
  return loss;
}

}  // namespace graft::core
