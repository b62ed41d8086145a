#include "graft/plugin.hpp"

#include "aligned_mtl/aligned_mtl.hpp"
#include "cagrad/cagrad.hpp"
#include "dwa/dwa.hpp"
#include "fairgrad/fairgrad.hpp"
#include "famo/famo.hpp"
#include "gls/gls.hpp"
#include "graddrop/graddrop.hpp"
#include "gradnorm/gradnorm.hpp"
#include "imtl_g/imtl_g.hpp"
#include "imtl_l/imtl_l.hpp"
#include "mgda/mgda.hpp"
#include "nash_mtl/nash_mtl.hpp"
#include "pcgrad/pcgrad.hpp"
#include "rlw/rlw.hpp"
#include "stch/stch.hpp"
#include "sum/sum.hpp"
#include "upgrad/upgrad.hpp"
#include "uw/uw.hpp"

using namespace graft::plugins;

GRAFT_PLUGIN(registrar) {
  registrar.add<Sum>("graft/sum");
  registrar.add<Uw>("graft/uw");
  registrar.add<Dwa>("graft/dwa");
  registrar.add<Rlw>("graft/rlw");
  registrar.add<Gls>("graft/gls");
  registrar.add<ImtlL>("graft/imtl_l");
  registrar.add<Stch>("graft/stch");
  registrar.add<Famo>("graft/famo");
  registrar.add<Mgda>("graft/mgda");
  registrar.add<Pcgrad>("graft/pcgrad");
  registrar.add<Cagrad>("graft/cagrad");
  registrar.add<AlignedMtl>("graft/aligned_mtl");
  registrar.add<Upgrad>("graft/upgrad");
  registrar.add<ImtlG>("graft/imtl_g");
  registrar.add<NashMtl>("graft/nash_mtl");
  registrar.add<Fairgrad>("graft/fairgrad");
  registrar.add<Gradnorm>("graft/gradnorm");
  registrar.add<Graddrop>("graft/graddrop");
}
