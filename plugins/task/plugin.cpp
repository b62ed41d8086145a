#include "graft/plugin.hpp"

#include "cdan/cdan.hpp"
#include "coral/coral.hpp"
#include "dann/dann.hpp"
#include "distill/distill.hpp"
#include "domain_mixup/domain_mixup.hpp"
#include "fixmatch/fixmatch.hpp"
#include "group_dro/group_dro.hpp"
#include "irm/irm.hpp"
#include "mcc/mcc.hpp"
#include "mmd/mmd.hpp"
#include "multi_task/multi_task.hpp"
#include "transfer/transfer.hpp"
#include "vrex/vrex.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Transfer>("graft/transfer");
  registrar.add<graft::plugins::MultiTask>("graft/multi_task");
  registrar.add<graft::plugins::Coral>("graft/coral");
  registrar.add<graft::plugins::Mmd>("graft/mmd");
  registrar.add<graft::plugins::Mcc>("graft/mcc");
  registrar.add<graft::plugins::Dann>("graft/dann");
  registrar.add<graft::plugins::Cdan>("graft/cdan");
  registrar.add<graft::plugins::Irm>("graft/irm");
  registrar.add<graft::plugins::Vrex>("graft/vrex");
  registrar.add<graft::plugins::GroupDro>("graft/group_dro");
  registrar.add<graft::plugins::DomainMixup>("graft/domain_mixup");
  registrar.add<graft::plugins::Fixmatch>("graft/fixmatch");
  registrar.add<graft::plugins::Distill>("graft/distill");
}
