#include "irm.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

namespace graft::plugins {
namespace {

Tensor every_second(const Tensor& x, std::int64_t first) { return x.slice(0, first, x.size(0), 2); }

// d (mean loss of every second row) / d w; undefined where none has a label.
Tensor slope(const RowLoss& loss, const Tensor& w, std::int64_t first) {
  const Tensor weight = every_second(loss.weight, first).sum();
  if (loss.weight.size(0) <= first || weight.item<double>() <= 0) return {};
  const Tensor mean = every_second(loss.value, first).sum() / weight;
  return torch::autograd::grad({mean}, {w}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
}

}  // namespace

Tensor irm_penalty(const Head& head, const Scores& scores, const Batch& rows) {
  const Tensor w = at::ones({}, scores.values.options().requires_grad(false)).requires_grad_();
  const RowLoss loss = head.loss({scores.values.mul(w), scores.offsets}, rows);
  const Tensor even = slope(loss, w, 0), odd = slope(loss, w, 1);
  return even.defined() && odd.defined() ? even.mul(odd) : Tensor();
}

Tensor Irm::penalty(Step& step, const std::vector<Domain>& domains) {
  std::vector<Tensor> penalties;
  for (const Domain& domain : domains)
    for (const auto& [name, head] : step.session().heads()) {
      if (!domain.rows.has(head->target())) continue;
      if (const Tensor each = irm_penalty(*head, step.scores(domain.output, name), domain.rows); each.defined())
        penalties.push_back(each);
    }
  return penalties.empty() ? Tensor() : at::stack(penalties).mean();
}

}  // namespace graft::plugins
