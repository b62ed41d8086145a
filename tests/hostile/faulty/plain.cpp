#include "plain.hpp"

#include <ATen/Functions.h>

#include "fault.hpp"

namespace faulty {
namespace {

using namespace graft;

// The heads' losses, past the host: nobody weighs them.
Terms unweighted(Step& step, const Batch& features, const Batch& batch) {
  Terms terms;
  for (const auto& [name, head] : step.session().heads()) {
    if (!batch.has(head->target())) continue;
    const RowLoss loss = head->loss(step.scores(features, name), batch);
    terms.push_back({name, loss.value.sum(), loss.weight.sum()});
  }
  return terms;
}

}  // namespace

Terms Plain::terms(Step& step, const Batch& batch) {
  const Batch features = step.forward(batch);
  if (has("loss weights ignored")) return unweighted(step, features, batch);
  if (has("one head alone")) return step.terms(features, batch, {step.session().heads().front().first});
  Terms terms = step.terms(features, batch);
  for (Term& term : terms) {
    if (has("NaN")) term.sum = term.sum.div(0).sub(term.sum.div(0));
    if (has("loss not reduced")) term.sum = term.sum.expand({3});
    if (has("rows counted without labels")) term.count = at::full({}, static_cast<double>(batch.size()));
    if (has("global generator")) term.sum = term.sum.mul(at::rand({}).add(0.5));
    if (has("state not saved")) term.sum = term.sum.mul(1 + 0.1 * steps_);
  }
  return terms;
}

void Plain::step(Step& step) {
  const Batch batch = step.next("main");
  step.minimise([&] { return terms(step, batch); });
  ++steps_;
}

}  // namespace faulty
