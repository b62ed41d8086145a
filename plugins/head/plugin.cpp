#include "graft/plugin.hpp"

#include "classify/classify.hpp"
#include "multi_label/multi_label.hpp"
#include "ordinal/ordinal.hpp"
#include "regress/regress.hpp"
#include "similarity/similarity.hpp"
#include "svm/svm.hpp"
#include "tag/tag.hpp"

GRAFT_PLUGIN(registrar) {
  registrar.add<graft::plugins::Classify>("graft/classify");
  registrar.add<graft::plugins::MultiLabel>("graft/multi_label");
  registrar.add<graft::plugins::Ordinal>("graft/ordinal");
  registrar.add<graft::plugins::Regress>("graft/regress");
  registrar.add<graft::plugins::Similarity>("graft/similarity");
  registrar.add<graft::plugins::Svm>("graft/svm");
  registrar.add<graft::plugins::Tag>("graft/tag");
}
