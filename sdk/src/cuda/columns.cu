#include "device.cuh"

namespace graft::nn::cuda {
namespace {

__global__ void add_groups_kernel(const float* partial, float* sums, std::int64_t count, std::int64_t groups,
                                  std::int64_t width) {
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count * width; i += step) {
    const float* column = partial + (i / width) * groups * width + i % width;
    float sum = 0;
    for (std::int64_t group = 0; group < groups; ++group) sum += column[group * width];
    sums[i] = sum;
  }
}

}  // namespace

void add_groups(const float* partial, float* sums, std::int64_t count, std::int64_t groups, std::int64_t width,
                cudaStream_t stream) {
  start(add_groups_kernel, grid_of(blocks_for(count * width, kThreads)), stream, partial, sums, count, groups, width);
}

}  // namespace graft::nn::cuda
