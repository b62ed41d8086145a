#include "device.cuh"

namespace graft::nn::cuda {
namespace {

template <class S>
__global__ void add_norm_kernel(Norm<S> norm) {
  const int lane = threadIdx.x % kWarp;
  Dropper drop(norm.mask);
  for (std::int64_t row = std::int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp; row < norm.rows;
       row += std::int64_t(gridDim.x) * kWarps) {
    const std::int64_t first = row * norm.width;
    // Read, and dropped, three times over: cheaper than room for rows of any width.
    const auto h = [&](std::int64_t j) { return drop(number(norm.x[first + j]), first + j) + number(norm.residual[first + j]); };
    float sum = 0, square = 0;
    for (std::int64_t j = lane; j < norm.width; j += kWarp) sum += h(j);
    const float mean = warp_sum(sum) / static_cast<float>(norm.width);
    for (std::int64_t j = lane; j < norm.width; j += kWarp) {
      const float d = h(j) - mean;
      square += d * d;
    }
    const float rstd = 1.0f / sqrtf(warp_sum(square) / static_cast<float>(norm.width) + norm.epsilon);
    for (std::int64_t j = lane; j < norm.width; j += kWarp) {
      const float normed = (h(j) - mean) * rstd;
      put(norm.normed[first + j], normed);
      put(norm.y[first + j], normed * norm.weight[j] + norm.bias[j]);
    }
    if (lane == 0) norm.rstd[row] = rstd;
  }
}

template <class S>
__global__ void norm_rows_kernel(NormSlope<S> slope) {
  const int lane = threadIdx.x % kWarp;
  const float part = 1.0f / static_cast<float>(slope.width);
  Dropper drop(slope.mask);
  for (std::int64_t row = std::int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp; row < slope.rows;
       row += std::int64_t(gridDim.x) * kWarps) {
    const std::int64_t first = row * slope.width;
    float sum = 0, product = 0;
    for (std::int64_t j = lane; j < slope.width; j += kWarp) {
      const float weighted = number(slope.dy[first + j]) * slope.weight[j];
      sum += weighted;
      product += weighted * number(slope.normed[first + j]);
    }
    const float mean = warp_sum(sum) * part, along = warp_sum(product) * part, rstd = slope.rstd[row];
    for (std::int64_t j = lane; j < slope.width; j += kWarp) {
      const float weighted = number(slope.dy[first + j]) * slope.weight[j];
      const float d = (weighted - mean - number(slope.normed[first + j]) * along) * rstd;
      put(slope.dresidual[first + j], d);
      if (slope.dx != slope.dresidual) put(slope.dx[first + j], drop(d, first + j));
    }
  }
}

// A thread a column, a block a group of rows: blockIdx.y.
template <class S>
__global__ void norm_columns_kernel(NormSlope<S> slope, std::int64_t groups, std::int64_t group_rows) {
  const std::int64_t group = blockIdx.y, end = min((group + 1) * group_rows, slope.rows);
  for (std::int64_t column = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; column < slope.width;
       column += std::int64_t(gridDim.x) * blockDim.x) {
    float dweight = 0, dbias = 0;
    for (std::int64_t row = group * group_rows; row < end; ++row) {
      const float dy = number(slope.dy[row * slope.width + column]);
      dweight += dy * number(slope.normed[row * slope.width + column]);
      dbias += dy;
    }
    slope.partial[group * slope.width + column] = dweight;
    slope.partial[(groups + group) * slope.width + column] = dbias;
  }
}

}  // namespace

template <class S>
void add_norm(const Norm<S>& norm, cudaStream_t stream) {
  start(add_norm_kernel<S>, grid_of(blocks_for(norm.rows, kWarps)), stream, norm);
}

template <class S>
void add_norm_backward(const NormSlope<S>& slope, cudaStream_t stream) {
  const std::int64_t groups = groups_of(slope.rows);
  start(norm_rows_kernel<S>, grid_of(blocks_for(slope.rows, kWarps)), stream, slope);
  start(norm_columns_kernel<S>, grid_of(blocks_for(slope.width, kThreads), groups), stream, slope, groups,
        rows_of_group(slope.rows));
  add_groups(slope.partial, slope.sums, 2, groups, slope.width, stream);
}

template void add_norm(const Norm<float>&, cudaStream_t);
template void add_norm(const Norm<Brain>&, cudaStream_t);
template void add_norm_backward(const NormSlope<float>&, cudaStream_t);
template void add_norm_backward(const NormSlope<Brain>&, cudaStream_t);

}  // namespace graft::nn::cuda
