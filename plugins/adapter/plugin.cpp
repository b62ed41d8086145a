#include "graft/plugin.hpp"

#include "bitfit/bitfit.hpp"
#include "bottleneck/bottleneck.hpp"
#include "dora/dora.hpp"
#include "ia3/ia3.hpp"
#include "layer_norm/layer_norm.hpp"
#include "lora/lora.hpp"
#include "mixout/mixout.hpp"
#include "prefix/prefix.hpp"
#include "prompt/prompt.hpp"
#include "reinit/reinit.hpp"
#include "vera/vera.hpp"

using namespace graft::plugins;

GRAFT_PLUGIN(registrar) {
  registrar.add<Lora>("graft/lora");
  registrar.add<Dora>("graft/dora");
  registrar.add<Vera>("graft/vera");
  registrar.add<Ia3>("graft/ia3");
  registrar.add<Bottleneck>("graft/bottleneck");
  registrar.add<Bitfit>("graft/bitfit");
  registrar.add<LayerNormTuning>("graft/layer_norm");
  registrar.add<Prefix>("graft/prefix");
  registrar.add<Prompt>("graft/prompt");
  registrar.add<Reinit>("graft/reinit");
  registrar.add<Mixout>("graft/mixout");
}
