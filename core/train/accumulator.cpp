#include "core/train/accumulator.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/registry/crash.hpp"
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

bool is_task(const std::string& name, bool balanced, const Balance& balance) { return balanced && balance.number_of(name) >= 0; }

void add_to_gradient(const Tensor& tensor, const Tensor& more) {
  Tensor& gradient = tensor.mutable_grad();
  gradient = gradient.defined() ? gradient.add_(more) : more;
}

}  // namespace

std::vector<const Term*> balanced_terms(const Terms& terms, const Balance& balance) {
  std::vector<const Term*> present(balance.tasks().size());
  for (const Term& term : terms)
    if (is_task(term.name, term.balanced, balance) && term.count.item<double>() > 0)
      present[balance.number_of(term.name)] = &term;
  std::erase(present, nullptr);
  return present;
}

Balance::Present present_tasks(const Terms& terms, const Balance& balance) {
  Balance::Present present;
  for (const Term* term : balanced_terms(terms, balance)) {
    present.tasks.push_back(balance.number_of(term->name));
    present.values.push_back(term->sum.item<double>() / term->count.item<double>());
  }
  return present;
}

void Accumulator::add(const Terms& terms, Parameters& parameters, Pass how) {
  const Breadcrumb breadcrumb(host_itself(), "backward");
  const bool only = how != Pass::kByTerm;
  const std::vector<Tensor> tensors = how == Pass::kCounted ? std::vector<Tensor>{} : trained(parameters);
  if (how == Pass::kAtOnce)
    if (const Tensor mean = mean_of(terms); mean.defined() && mean.requires_grad())
      torch::autograd::backward({mean}, {}, std::nullopt, false, tensors);
  for (std::size_t t = 0; t < terms.size(); ++t) {
    Sum& sum = sums_[terms[t].name];
    take(sum);
    sum.balanced = terms[t].balanced;
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
    sum.balanced = from.balanced;
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

void Accumulator::settle(Parameters& parameters, Balance* balance, const Progress& progress) {
  at::NoGradGuard no_grad;
  for (auto& [name, sum] : sums_)
    if (!sum.gradients.empty()) take(sum);
  if (balance) settle_balanced(parameters, *balance, progress);
  settle_plainly(parameters, balance);
}

void Accumulator::settle_plainly(Parameters& parameters, const Balance* balance) {
  const std::vector<Tensor> tensors = trained(parameters);
  for (auto& [name, sum] : sums_) {
    if (balance && is_task(name, sum.balanced, *balance)) continue;
    for (std::size_t i = 0; sum.count > 0 && i < sum.gradients.size(); ++i)
      if (sum.gradients[i].defined()) add_to_gradient(tensors[i], sum.gradients[i].div_(sum.count));
  }
}

void Accumulator::settle_balanced(Parameters& parameters, Balance& balance, const Progress& progress) {
  std::vector<Sum*> sums(balance.tasks().size());
  for (auto& [name, sum] : sums_)
    if (is_task(name, sum.balanced, balance) && sum.count > 0 && !sum.gradients.empty()) sums[balance.number_of(name)] = &sum;
  Balance::Present present;
  for (std::size_t k = 0; k < sums.size(); ++k) {
    if (!sums[k]) continue;
    present.tasks.push_back(static_cast<std::int64_t>(k));
    present.values.push_back(sums[k]->sum / sums[k]->count);
  }
  std::erase(sums, nullptr);
  if (sums.empty()) return;

  std::vector<Tensor> shared;
  std::vector<std::vector<Tensor>> rows(sums.size());
  std::vector<std::pair<Tensor, std::size_t>> own;  // a head's parameter, and its number among those that train
  std::size_t number = 0;
  for (const Parameter& parameter : parameters) {
    if (!parameter.trains) continue;
    for (Sum* sum : sums)
      if (Tensor& gradient = sum->gradients[number]; gradient.defined()) gradient.div_(sum->count);
    if (parameter.is_of_head()) {
      own.emplace_back(parameter.tensor, number);
    } else {
      shared.push_back(parameter.tensor);
      for (std::size_t k = 0; k < sums.size(); ++k) rows[k].push_back(sums[k]->gradients[number]);
    }
    ++number;
  }
  const Balance::Combined combined = balance.combine(present, std::move(rows), progress);
  for (std::size_t i = 0; i < shared.size(); ++i)
    if (combined.shared[i].defined()) add_to_gradient(shared[i], combined.shared[i]);
  for (std::size_t k = 0; k < sums.size(); ++k)
    for (const auto& [tensor, at] : own)
      if (const Tensor& gradient = sums[k]->gradients[at]; gradient.defined())
        add_to_gradient(tensor, gradient.mul(combined.head_weights[k]));
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
