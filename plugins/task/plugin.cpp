#include "graft/plugin.hpp"

#include "multi_task/multi_task.hpp"
#include "transfer/transfer.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Transfer>("graft/transfer");
  registrar.add<graft::plugins::MultiTask>("graft/multi_task");
}
