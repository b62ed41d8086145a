#include "graft/plugin.hpp"

#include "crop/crop.hpp"
#include "cutmix/cutmix.hpp"
#include "eda/eda.hpp"
#include "flip/flip.hpp"
#include "mixup/mixup.hpp"
#include "rand_augment/rand_augment.hpp"
#include "token_mask/token_mask.hpp"
#include "trivial_augment/trivial_augment.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Eda>("graft/eda");
  registrar.add<graft::plugins::TokenMask>("graft/token_mask");
  registrar.add<graft::plugins::Flip>("graft/flip");
  registrar.add<graft::plugins::Crop>("graft/crop");
  registrar.add<graft::plugins::TrivialAugment>("graft/trivial_augment");
  registrar.add<graft::plugins::RandAugment>("graft/rand_augment");
  registrar.add<graft::plugins::Mixup>("graft/mixup");
  registrar.add<graft::plugins::Cutmix>("graft/cutmix");
}
