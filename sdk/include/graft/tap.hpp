// Tap: looks at a hidden tensor at a named point of a model, or puts another in its place.
#pragma once

#include <functional>
#include <string_view>

#include "graft/tensor.hpp"

namespace graft {

// Called with the point's name and its tensor; returns the tensor to go on with (`value` itself changes nothing).
using Tap = std::function<Tensor(std::string_view point, const Tensor& value)>;

}  // namespace graft
