#include "multi_task.hpp"

namespace graft::plugins {

MultiTask::MultiTask(const Config& config)
    : balancer_(config.component<Balancer>("balancer")),
      at_(config.text("at") == "features" ? BalanceAt::kFeatures : BalanceAt::kParameters) {}

void MultiTask::setup(Session& session) { session.balance(balancer_, at_); }

}  // namespace graft::plugins
