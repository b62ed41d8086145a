#include "domains.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {

Tensor mean_loss(const Terms& terms) {
  Tensor loss;
  for (const Term& term : terms) {
    if (term.count.item<double>() <= 0) continue;
    const Tensor mean = term.sum / term.count;
    loss = loss.defined() ? loss + mean : mean;
  }
  return loss;
}

void Domains::setup(Session& session) {
  const std::vector<std::string> streams = session.streams("main");
  count_ = streams.size();
  if (count_ < 2)
    throw Error(name_, "compares domains, and the role main has one, " + streams.front() +
                           ": name at least two streams in task.streams.main");
}

void Domains::step(Step& step) {
  before_step(step);
  const std::vector<Batch> batches = step.next_of_each("main");
  step.minimise([&] {
    std::vector<Domain> domains;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      Batch output = step.forward(batches[i]);
      if (const Tensor loss = mean_loss(step.terms(output, batches[i])); loss.defined())
        domains.push_back({i, batches[i], std::move(output), loss});
    }
    return domains.empty() ? Terms{} : combine(step, domains);
  });
}

Terms Penalised::combine(Step& step, const std::vector<Domain>& domains) {
  std::vector<Tensor> losses;
  for (const Domain& domain : domains) losses.push_back(domain.loss);
  const Tensor mean = at::stack(losses).mean(), one = at::ones({}, mean.options().requires_grad(false));
  Terms terms = {{"domains", mean, one, false}};
  const Progress& progress = step.session().progress();
  const double weight = is_annealed(progress.step, progress) ? weight_ : std::min(weight_, 1.0);
  if (const Tensor extra = penalty(step, domains); extra.defined()) terms.push_back({term_, extra.mul(weight), one, false});
  return terms;
}

bool Penalised::is_annealed(std::int64_t step, const Progress& progress) const {
  return static_cast<double>(step) >= share_ * static_cast<double>(progress.total_steps);
}

void Penalised::before_step(Step& step) {
  const Progress& progress = step.session().progress();
  const bool begins = is_annealed(progress.step, progress) && !is_annealed(progress.step - 1, progress);
  if (begins && progress.step > 0) step.session().reset_optimizer();
}

}  // namespace graft::plugins
