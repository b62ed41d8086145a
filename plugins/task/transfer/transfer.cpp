#include "transfer.hpp"

#include <ATen/Functions.h>

#include <map>

#include "graft/model.hpp"

namespace graft::plugins {
namespace {

// [B]: half of both divergences.
Tensor divergence(const Tensor& p, const Tensor& q) {
  const auto log = [](const Tensor& x) { return x.clamp_min(1e-12).log(); };
  return (p - q).mul(log(p) - log(q)).sum(1).div(2);
}

Tensor difference(const Head& head, const Scores& a, const Scores& b, const Batch& rows) {
  const Schema outputs = head.outputs();
  const Field* probability = find(outputs, "probability");
  if (!probability || probability->kind != FieldKind::kSoftClass)
    return (a.values - b.values).square().reshape({a.values.size(0), -1}).mean(1);  // numbers are [B], label sets [B, C]
  return divergence(head.predict(a, rows).tensor("probability"), head.predict(b, rows).tensor("probability"));
}

// The losses of two passes, one term a head, and a term for how much the two disagree.
Terms twice(Step& step, const Batch& batch, Terms once, const Batch& features, double weight) {
  const Batch again = step.forward(batch);
  Terms all;
  for (Term& term : step.terms(again, batch))
    for (Term& first : once)
      if (first.name == term.name) all.push_back({term.name, first.sum + term.sum, first.count + term.count, term.balanced});
  for (const auto& [name, head] : step.session().heads()) {
    const Tensor rows = difference(*head, step.scores(features, name), step.scores(again, name), features).mul(weight);
    all.push_back({name + "/r_drop", rows.sum(),
                   at::full({}, static_cast<double>(rows.size(0)), rows.options().requires_grad(false)), false});
  }
  return all;
}

}  // namespace

Transfer::Transfer(const Config& config) : l2_sp_(config.number("l2_sp")), r_drop_(config.number("r_drop")) {}

void Transfer::setup(Session& session) {
  if (l2_sp_ == 0) return;
  for (const auto& item : session.model().named_parameters()) start_.emplace_back(item.key(), item.value().detach().clone());
}

void Transfer::step(Step& step) {
  const Batch batch = step.next("main");
  step.minimise([&] {
    const Batch features = step.forward(batch);
    Terms terms = step.terms(features, batch);
    if (r_drop_ > 0) terms = twice(step, batch, std::move(terms), features, r_drop_);
    if (l2_sp_ > 0) terms.push_back(pull(step.session().model()));
    return terms;
  });
}

Term Transfer::pull(Model& model) const {
  const auto parameters = model.named_parameters();
  Tensor sum;
  for (const auto& [name, start] : start_) {
    const Tensor& now = parameters[name];
    if (!now.requires_grad()) continue;
    const Tensor squares = (now - start).square().sum();
    sum = sum.defined() ? sum + squares : squares;
  }
  if (!sum.defined()) sum = at::zeros({}, start_.front().second.options());
  return {"l2_sp", sum.mul(l2_sp_ / 2), at::ones({}, sum.options().requires_grad(false)), false};
}

}  // namespace graft::plugins
