// Start: the one place where a kernel is launched.
#pragma once

#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdint>

namespace graft::nn::cuda {

constexpr int kThreads = 128;  // of a block

inline std::int64_t blocks_for(std::int64_t items, std::int64_t each) { return (items + each - 1) / each; }

// Kernels stride over x: a grid may be smaller than the work. Along y there are at most kMostGroups.
inline dim3 grid_of(std::int64_t x, std::int64_t y = 1) {
  return dim3(static_cast<unsigned>(std::min<std::int64_t>(x, 1 << 30)), static_cast<unsigned>(y));
}

template <class... Parameters, class... Arguments>
void start(void (*kernel)(Parameters...), dim3 grid, cudaStream_t stream, const Arguments&... arguments) {
  if (grid.x == 0 || grid.y == 0) return;
  kernel<<<grid, kThreads, 0, stream>>>(arguments...);
}

}  // namespace graft::nn::cuda
