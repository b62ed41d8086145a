// Attaching an adapter, and what one must hold to that is of some heads alone: it acts through patches, which a pass can leave out, and
// neither changes nor trains the model that the other heads see.
#pragma once

#include "core/train/network.hpp"

namespace graft::core {

// throws Error when `heads` is written and the adapter changes the model itself (reinit, bitfit, lora with init pissa).
NamedAdapter attach_adapter(Model& model, const Value::Member& entry, const Rng& rng, Loader& loader);

}  // namespace graft::core
