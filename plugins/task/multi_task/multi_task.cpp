#include "multi_task.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

BalanceAt place_of(const std::string& at) {
  if (at == "features") return BalanceAt::kFeatures;
  return at == "last_stage" ? BalanceAt::kLastStage : BalanceAt::kParameters;
}

// A head that learns from several streams is one task.
void add(Terms& all, Terms more) {
  for (Term& term : more) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const Term& other) { return other.name == term.name; });
    if (same == all.end()) {
      all.push_back(std::move(term));
    } else {
      same->sum = same->sum + term.sum;
      same->count = same->count + term.count;
    }
  }
}

}  // namespace

MultiTask::MultiTask(const Config& config)
    : balancer_(config.component<Balancer>("balancer")),
      balancer_name_(config.value("balancer").at("use").text()),
      at_(place_of(config.text("at"))),
      turns_(config.text("turns") == "each" ? Turns::kEach : Turns::kOne) {}

void MultiTask::setup(Session& session) {
  session.balance(balancer_, at_);
  if (session.heads().size() == 1 && balancer_name_ != "graft/sum")
    throw Error("graft/multi_task", "balancer: " + balancer_name_ + " weighs tasks against each other, and there is one, " +
                                        session.heads().front().first + ": leave the balancer out, or add a head");
}

void MultiTask::step(Step& step) {
  const std::vector<Batch> batches = turns_ == Turns::kEach ? step.next_of_each("main") : std::vector<Batch>{step.next("main")};
  step.minimise([&] {
    Terms terms;
    for (const Batch& batch : batches) add(terms, step.terms(step.forward(batch), batch));
    return terms;
  });
}

}  // namespace graft::plugins
