// Device: what all kernels share: numbers in memory, the counter hash of dropout, sums over a warp.
#pragma once

#include <cuda_bf16.h>

#include "launch.hpp"
#include "start.cuh"

namespace graft::nn::cuda {

constexpr int kWarp = 32, kWarps = kThreads / kWarp;
constexpr unsigned kAllLanes = 0xffffffffU;

__device__ inline float number(float x) { return x; }
__device__ inline float number(Brain x) { return __uint_as_float(static_cast<unsigned>(x.bits) << 16); }
__device__ inline void put(float& to, float x) { to = x; }
__device__ inline void put(Brain& to, float x) { to.bits = __bfloat16_as_ushort(__float2bfloat16_rn(x)); }

// Rng::bits_at and mask_bits of ../nn/kernels.hpp, bit for bit: the CPU drops the same elements.
__device__ inline std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}
__device__ inline std::uint64_t bits_at(std::uint64_t key, std::uint64_t counter) {
  return mix(mix(key + 0x9e3779b97f4a7c15ULL * (counter + 1)) + key);
}
__device__ inline std::uint32_t bits_of(std::uint64_t key, std::uint32_t j) {
  std::uint32_t x = j * 0x9e3779b9U + static_cast<std::uint32_t>(key);
  x = (x ^ (x >> 16)) * 0x85ebca6bU;
  x = ((x ^ (x >> 13)) + static_cast<std::uint32_t>(key >> 32)) * 0xc2b2ae35U;
  return x ^ (x >> 16);
}

// Dropout of a tensor's elements: the key of a block of 65,536 is drawn when a thread enters the block.
class Dropper {
 public:
  __device__ explicit Dropper(const Mask& mask)
      : key_(mask.key), threshold_(mask.threshold), scale_(static_cast<float>(mask.scale)) {}

  __device__ float operator()(float x, std::int64_t i) {
    if (threshold_ == 0) return x;
    const std::int64_t block = i >> kDropoutBlockBits;
    if (block != block_) {
      block_ = block;
      block_key_ = bits_at(key_, static_cast<std::uint64_t>(block));
    }
    const auto j = static_cast<std::uint32_t>(i & ((std::int64_t(1) << kDropoutBlockBits) - 1));
    return bits_of(block_key_, j) >= threshold_ ? x * scale_ : 0.0f;
  }

 private:
  std::uint64_t key_, block_key_ = 0;
  std::int64_t block_ = -1;
  std::uint32_t threshold_;
  float scale_;
};

// The same result in every lane, added in the same order each time.
__device__ inline float warp_sum(float x) {
  for (int step = kWarp / 2; step > 0; step /= 2) x += __shfl_xor_sync(kAllLanes, x, step);
  return x;
}
__device__ inline float warp_max(float x) {
  for (int step = kWarp / 2; step > 0; step /= 2) x = fmaxf(x, __shfl_xor_sync(kAllLanes, x, step));
  return x;
}

// sums[j] = sum over groups of partial[group, j], for j in [0, width) of `count` matrices [groups, width].
void add_groups(const float* partial, float* sums, std::int64_t count, std::int64_t groups, std::int64_t width,
                cudaStream_t stream);

}  // namespace graft::nn::cuda
