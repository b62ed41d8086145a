#include "graft/plugin.hpp"

#include "transfer/transfer.hpp"

GRAFT_PLUGIN(registrar) { registrar.add<graft::plugins::Transfer>("graft/transfer"); }
