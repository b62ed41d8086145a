#include "device.cuh"

namespace graft::nn::cuda {
namespace {

template <class S>
__global__ void dropout_kernel(const S* x, S* y, std::int64_t n, Mask mask) {
  Dropper drop(mask);
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += step) put(y[i], drop(number(x[i]), i));
}

}  // namespace

template <class S>
void dropout(const S* x, S* y, std::int64_t n, const Mask& mask, cudaStream_t stream) {
  start(dropout_kernel<S>, grid_of(blocks_for(n, kThreads)), stream, x, y, n, mask);
}

template void dropout(const float*, float*, std::int64_t, const Mask&, cudaStream_t);
template void dropout(const Brain*, Brain*, std::int64_t, const Mask&, cudaStream_t);

}  // namespace graft::nn::cuda
