#include "graft/plugin.hpp"

#include "accuracy/accuracy.hpp"
#include "f1/f1.hpp"
#include "mae/mae.hpp"
#include "mcc/mcc.hpp"
#include "pearson/pearson.hpp"
#include "rmse/rmse.hpp"
#include "spearman/spearman.hpp"

using namespace graft::plugins;

GRAFT_PLUGIN(registrar) {
  registrar.add<Accuracy>("graft/accuracy");
  registrar.add<F1>("graft/f1");
  registrar.add<Mcc>("graft/mcc");
  registrar.add<Mae>("graft/mae");
  registrar.add<Rmse>("graft/rmse");
  registrar.add<Pearson>("graft/pearson");
  registrar.add<Spearman>("graft/spearman");
}
