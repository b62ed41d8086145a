#include "device.cuh"

namespace graft::nn::cuda {
namespace {

__device__ float below(float x) { return 0.5f * (1.0f + erff(x * 0.70710678118654752440f)); }  // of the normal distribution
__device__ float density(float x) { return expf(-0.5f * x * x) * 0.39894228040143267794f; }

template <class S>
__global__ void gelu_kernel(S* x, const float* bias, S* y, std::int64_t rows, std::int64_t width) {
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < rows * width; i += step) {
    const float h = number(x[i]) + bias[i % width];
    put(x[i], h);
    put(y[i], h * below(h));
  }
}

// A thread a column, a block a group of rows: blockIdx.y.
template <class S>
__global__ void gelu_columns_kernel(GeluSlope<S> slope, std::int64_t group_rows) {
  const std::int64_t group = blockIdx.y, end = min((group + 1) * group_rows, slope.rows);
  for (std::int64_t column = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; column < slope.width;
       column += std::int64_t(gridDim.x) * blockDim.x) {
    float sum = 0;
    for (std::int64_t row = group * group_rows; row < end; ++row) {
      const std::int64_t i = row * slope.width + column;
      const float h = number(slope.h[i]), d = number(slope.dy[i]) * (below(h) + h * density(h));
      put(slope.dh[i], d);
      sum += d;
    }
    slope.partial[group * slope.width + column] = sum;
  }
}

}  // namespace

template <class S>
void gelu(S* x, const float* bias, S* y, std::int64_t rows, std::int64_t width, cudaStream_t stream) {
  start(gelu_kernel<S>, grid_of(blocks_for(rows * width, kThreads)), stream, x, bias, y, rows, width);
}

template <class S>
void gelu_backward(const GeluSlope<S>& slope, cudaStream_t stream) {
  const std::int64_t groups = groups_of(slope.rows);
  start(gelu_columns_kernel<S>, grid_of(blocks_for(slope.width, kThreads), groups), stream, slope, rows_of_group(slope.rows));
  add_groups(slope.partial, slope.dbias, 1, groups, slope.width, stream);
}

template void gelu(float*, const float*, float*, std::int64_t, std::int64_t, cudaStream_t);
template void gelu(Brain*, const float*, Brain*, std::int64_t, std::int64_t, cudaStream_t);
template void gelu_backward(const GeluSlope<float>&, cudaStream_t);
template void gelu_backward(const GeluSlope<Brain>&, cudaStream_t);

}  // namespace graft::nn::cuda
