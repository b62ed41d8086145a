#include <cmath>

#include "device.cuh"

namespace graft::nn::cuda {
namespace {

template <class S>
__device__ float loss_of(const Entropy<S>& in, std::int64_t row, float lse, float total) {
  const std::int64_t target = in.targets[row];
  if (target < 0) return 0;
  if (target >= in.classes) return NAN;
  const auto smooth = static_cast<float>(in.smoothing);
  return lse - (1.0f - smooth) * number(in.scores[row * in.classes + target]) - smooth * total / static_cast<float>(in.classes);
}

template <class S>
__global__ void cross_entropy_kernel(Entropy<S> in, float* loss, float* lse) {
  const int lane = threadIdx.x % kWarp;
  for (std::int64_t row = std::int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp; row < in.rows;
       row += std::int64_t(gridDim.x) * kWarps) {
    const S* scores = in.scores + row * in.classes;
    float most = -INFINITY, total = 0, sum = 0;
    for (std::int64_t j = lane; j < in.classes; j += kWarp) {
      most = fmaxf(most, number(scores[j]));
      total += number(scores[j]);
    }
    most = warp_max(most);
    total = warp_sum(total);
    for (std::int64_t j = lane; j < in.classes; j += kWarp) sum += expf(number(scores[j]) - most);
    const float log_sum = most + logf(warp_sum(sum));
    if (lane == 0) {
      lse[row] = log_sum;
      loss[row] = loss_of(in, row, log_sum, total);
    }
  }
}

template <class S>
__global__ void cross_entropy_backward_kernel(Entropy<S> in, const float* lse, const float* dloss, S* dscores) {
  const int lane = threadIdx.x % kWarp;
  const auto smooth = static_cast<float>(in.smoothing);
  const float each = smooth / static_cast<float>(in.classes);
  for (std::int64_t row = std::int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp; row < in.rows;
       row += std::int64_t(gridDim.x) * kWarps) {
    const std::int64_t first = row * in.classes, target = in.targets[row];
    const float weight = target < 0 ? 0.0f : target >= in.classes ? NAN : dloss[row];
    for (std::int64_t j = lane; j < in.classes; j += kWarp) {
      const float wanted = j == target ? 1.0f - smooth + each : each;
      put(dscores[first + j], (expf(number(in.scores[first + j]) - lse[row]) - wanted) * weight);
    }
  }
}

}  // namespace

template <class S>
void cross_entropy(const Entropy<S>& entropy, float* loss, float* lse, cudaStream_t stream) {
  start(cross_entropy_kernel<S>, grid_of(blocks_for(entropy.rows, kWarps)), stream, entropy, loss, lse);
}

template <class S>
void cross_entropy_backward(const Entropy<S>& entropy, const float* lse, const float* dloss, S* dscores, cudaStream_t stream) {
  start(cross_entropy_backward_kernel<S>, grid_of(blocks_for(entropy.rows, kWarps)), stream, entropy, lse, dloss, dscores);
}

template void cross_entropy(const Entropy<float>&, float*, float*, cudaStream_t);
template void cross_entropy(const Entropy<Brain>&, float*, float*, cudaStream_t);
template void cross_entropy_backward(const Entropy<float>&, const float*, const float*, float*, cudaStream_t);
template void cross_entropy_backward(const Entropy<Brain>&, const float*, const float*, Brain*, cudaStream_t);

}  // namespace graft::nn::cuda
