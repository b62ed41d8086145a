#include "core/train/check_balancer.hpp"

#include <algorithm>
#include <set>

#include "core/config/problems.hpp"
#include "core/train/head_views.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

// Gradients of tasks at what the model gives never meet where no two of them read one column of it.
void require_shared_output(const Network& network, const std::string& balancer) {
  std::set<std::string> read;
  for (const HeadView& view : head_views(network))
    for (const NamedHead* head : view.heads)
      for (const std::string& column : head->head->reads())
        if (!read.insert(column + view.suffix).second) return;
  throw HostError(
      "task", balancer + " compares the gradients of tasks at what the model gives, but each head reads a column of its own, " +
                  listed({read.begin(), read.end()}, "and") + ", where they never meet: set at to last_stage or parameters");
}

// Tasks on rows of their own: their gradients meet only where the weights are the same, and only in a step that has rows of all.
void require_shared_rows(const std::string& name, BalanceAt at, const BalancedRun& run) {
  const auto other = std::find_if(run.network.heads.begin(), run.network.heads.end(),
                                  [&](const NamedHead& head) { return head.streams != run.network.heads.front().streams; });
  if (other == run.network.heads.end() && !run.has_all_streams) return;
  if (!run.has_all_streams)
    throw HostError("task", name + " compares the gradients of tasks in each step, but " + run.network.heads.front().name +
                                " and " + other->name +
                                " learn from different streams, which take turns: set task.turns to each, or use a balancer of "
                                "losses, such as uw");
  if (at == BalanceAt::kFeatures)
    throw HostError("task",
                    name +
                        " would see no conflict at the features: tasks of different streams have rows of their own there. "
                        "Set task.at to last_stage, or to parameters");
}

void check_gradients(const Balancer& balancer, const std::string& name, BalanceAt at, const BalancedRun& run) {
  if (run.network.heads.size() < 2)
    throw HostError("task", name + " compares the gradients of tasks, and there is one: it needs at least two heads");
  require_shared_rows(name, at, run);
  if (at == BalanceAt::kFeatures) require_shared_output(run.network, name);
  if (at == BalanceAt::kLastStage && balancer.wants() == Balancer::Wants::kJacobian)
    throw HostError("task",
                    name + " gives a direction, which at last_stage would be one of that stage alone: set task.at to parameters");
  if (at != BalanceAt::kParameters && run.accumulate > 1)
    throw HostError("task", std::string("at: ") + (at == BalanceAt::kFeatures ? "features" : "last_stage") +
                                " needs the whole step in one batch, but run.accumulate is " + std::to_string(run.accumulate) +
                                ": set it to 1, or at to parameters");
}

}  // namespace

void check_balancer(const Balancer& balancer, const std::string& name, BalanceAt at, const BalancedRun& run) {
  if (balancer.wants() != Balancer::Wants::kLosses) check_gradients(balancer, name, at, run);
  if (balancer.reevaluates() && run.accumulate > 1)
    throw HostError("task", name + " asks for the losses again after each step, which run.accumulate " +
                                std::to_string(run.accumulate) + " does not keep: set it to 1");
}

}  // namespace graft::core
