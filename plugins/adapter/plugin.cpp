#include "graft/plugin.hpp"

#include "lora/lora.hpp"

GRAFT_PLUGIN(registrar) { registrar.add<graft::plugins::Lora>("graft/lora"); }
