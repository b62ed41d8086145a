// Tensor: LibTorch's tensor under our name, by the smallest header that has its methods.
#pragma once

#include <ATen/core/Tensor.h>

namespace graft {
using Tensor = at::Tensor;
}  // namespace graft
