// State: what a component must remember between runs: named tensors and short texts. The host writes it as safetensors + JSON.
#pragma once

#include <map>
#include <string>

#include "graft/tensor.hpp"

namespace graft {

struct State {
  std::map<std::string, Tensor> tensors;  // CPU or device; written contiguous
  std::map<std::string, std::string> texts;
  bool empty() const { return tensors.empty() && texts.empty(); }
};

}  // namespace graft
