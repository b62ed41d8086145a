#include "graft/plugin.hpp"

#include "bert/bert.hpp"
#include "cgc/cgc.hpp"
#include "cnn/cnn.hpp"
#include "ft_transformer/ft_transformer.hpp"
#include "identity/identity.hpp"
#include "mlp/mlp.hpp"
#include "mmoe/mmoe.hpp"
#include "resnet/resnet.hpp"
#include "twin/twin.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Bert>("graft/bert");
  registrar.add<graft::plugins::Mlp>("graft/mlp");
  registrar.add<graft::plugins::Identity>("graft/identity");
  registrar.add<graft::plugins::Twin>("graft/twin");
  registrar.add<graft::plugins::Mmoe>("graft/mmoe");
  registrar.add<graft::plugins::Cgc>("graft/cgc");
  registrar.add<graft::plugins::Cnn>("graft/cnn");
  registrar.add<graft::plugins::Resnet>("graft/resnet");
  registrar.add<graft::plugins::FtTransformer>("graft/ft_transformer");
}
