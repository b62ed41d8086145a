#include "domains.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

// Undefined where no row has a label.
Tensor loss_of(const Terms& terms) {
  Tensor loss;
  for (const Term& term : terms) {
    if (term.count.item<double>() <= 0) continue;
    const Tensor mean = term.sum / term.count;
    loss = loss.defined() ? loss + mean : mean;
  }
  return loss;
}

}  // namespace

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
      if (const Tensor loss = loss_of(step.terms(output, batches[i])); loss.defined())
        domains.push_back({i, batches[i], std::move(output), loss});
    }
    return domains.empty() ? Terms{} : combine(step, domains);
  });
}

Term mean_loss(const std::vector<Tensor>& losses) {
  Tensor sum = losses.front();
  for (std::size_t i = 1; i < losses.size(); ++i) sum = sum + losses[i];
  return {"domains", sum, at::full({}, static_cast<double>(losses.size()), sum.options().requires_grad(false)), false};
}

double Annealed::weight(const Progress& progress) const {
  return static_cast<double>(progress.step) < share_ * static_cast<double>(progress.total_steps) ? std::min(weight_, 1.0)
                                                                                                 : weight_;
}

bool Annealed::begins_at(std::int64_t step, const Progress& progress) const {
  const double begin = share_ * static_cast<double>(progress.total_steps);
  return step > 0 && static_cast<double>(step) >= begin && static_cast<double>(step - 1) < begin;
}

void Annealed::before_step(Step& step) const {
  const Progress& progress = step.session().progress();
  if (begins_at(progress.step, progress)) step.session().reset_optimizer();
}

}  // namespace graft::plugins
