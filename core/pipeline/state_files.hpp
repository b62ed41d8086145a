// States on disk: tensors as <name>.safetensors, texts as files <name>.<key>; the Value that comes back says what there is.
#pragma once

#include <string>

#include "graft/state.hpp"
#include "graft/value.hpp"

namespace graft::core {

Value save_state(const State& state, const std::string& folder, const std::string& name);
State load_state(const Value& saved, const std::string& folder, const std::string& name);

}  // namespace graft::core
