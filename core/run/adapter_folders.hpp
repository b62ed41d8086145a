// Adapters apart from the model: `model/adapters/<name>/` of a run, as each writes itself for other programs (PEFT).
#pragma once

#include <string>

#include "core/train/network.hpp"

namespace graft::core {

// Into <folder>/<name>/, of those that have such a form; before they are merged, which takes them off the model.
void save_adapters(const std::string& folder, const Network& network);

}  // namespace graft::core
