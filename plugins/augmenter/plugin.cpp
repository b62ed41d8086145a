#include "graft/plugin.hpp"

#include "eda/eda.hpp"
#include "token_mask/token_mask.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Eda>("graft/eda");
  registrar.add<graft::plugins::TokenMask>("graft/token_mask");
}
