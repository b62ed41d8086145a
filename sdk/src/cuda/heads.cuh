// Heads: what attention's kernels share. A block works on one head of one row: its warps own some tokens each (queries, or keys),
// whose vectors lie in shared memory, and go through the row's other tokens a tile of 32 at a time, a lane a token.
//
//   D        columns in shared memory, a multiple of 32 that is at least the head's width; the rest is zero
//   kPer     tokens that a warp owns      kOwn    tokens that a block owns
#pragma once

#include <algorithm>
#include <type_traits>

#include "device.cuh"

namespace graft::nn::cuda {

template <int D>
constexpr int kPer = D <= 128 ? 4 : 1;  // two owned tiles and one to go through fit into 48 KiB
template <int D>
constexpr int kOwn = kPer<D>* kWarps;
template <int D>
constexpr int kStride = D + 4;  // from row to row: lanes that read four columns of a row each meet no bank conflict

template <int D, class S>
struct Block {
  std::int64_t head, first, tokens;   // the row's tokens lie at first ..
  std::int64_t first_query, queries;  // and its queries at first_query ..
  std::int64_t start, step;           // the block owns kOwn tokens from `start`, then from `start + step`, ..
};

// Item `item` of rows x heads x tiles.
template <int D, class S>
__device__ Block<D, S> block_of(const Attention<S>& in, std::int64_t item, std::int64_t tiles) {
  const std::int64_t tile = item % tiles, row = item / tiles / in.heads, first = in.offsets[row];
  const std::int64_t tokens = in.offsets[row + 1] - first;
  return {item / tiles % in.heads,    first,          tokens,         in.first_only ? row : first,
          in.first_only ? 1 : tokens, tile * kOwn<D>, tiles * kOwn<D>};
}

// Rows first .. first + count of one head to shared memory, zeros up to `rows` rows and D columns.
template <int D, class S>
__device__ void stage(float* tile, const Heads<const S>& x, std::int64_t head, std::int64_t first, int count, int rows,
                      int width) {
#pragma unroll 4
  for (int i = threadIdx.x; i < rows * D; i += kThreads) {
    const int row = i / D, column = i % D;
    const bool is_there = row < count && column < width;
    tile[row * kStride<D> + column] = is_there ? number(x.data[(first + row) * x.token + head * x.head + column]) : 0.0f;
  }
}

// The tile that the block goes through next, when all threads are done with the one before.
template <int D, class S>
__device__ void next_tile(float* tile, const Heads<const S>& x, std::int64_t head, std::int64_t first, int count, int width) {
  __syncthreads();
  stage<D>(tile, x, head, first, count, kWarp, width);
  __syncthreads();
}

// products[i] = own vector i of this warp . this lane's vector of the tile
template <int D>
__device__ void products_of(const float* own, const float* tile, int width, float (&products)[kPer<D>]) {
  const float* mine = own + (threadIdx.x / kWarp) * kPer<D> * kStride<D>;
  const float* lanes = tile + (threadIdx.x % kWarp) * kStride<D>;
  for (int i = 0; i < kPer<D>; ++i) products[i] = 0;
#pragma unroll 2
  for (int c = 0; c < width; c += 4) {
    const float4 b = *reinterpret_cast<const float4*>(lanes + c);
#pragma unroll
    for (int i = 0; i < kPer<D>; ++i) {
      const float4 a = *reinterpret_cast<const float4*>(mine + i * kStride<D> + c);
      products[i] += a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
    }
  }
}

// One vector for each owned token; a lane holds the columns lane, lane + 32, ..
template <int D>
struct Vectors {
  float at[kPer<D>][D / kWarp];

  __device__ void clear() {
    for (auto& vector : at)
      for (float& x : vector) x = 0;
  }
  // vector i += sum over the tile's rows j of weights[i] of lane j * row j
  __device__ void add(const float (&weights)[kPer<D>], const float* tile, int rows) {
    const int lane = threadIdx.x % kWarp;
#pragma unroll 2
    for (int j = 0; j < rows; ++j) {
#pragma unroll
      for (int i = 0; i < kPer<D>; ++i) {
        const float weight = __shfl_sync(kAllLanes, weights[i], j);
#pragma unroll
        for (int part = 0; part < D / kWarp; ++part) at[i][part] += weight * tile[j * kStride<D> + part * kWarp + lane];
      }
    }
  }
  template <class S>
  __device__ void write(int i, const Heads<S>& to, std::int64_t token, std::int64_t head, int width, float factor) const {
    const int lane = threadIdx.x % kWarp;
#pragma unroll
    for (int part = 0; part < D / kWarp; ++part) {
      const int column = part * kWarp + lane;
      if (column < width) put(to.data[token * to.token + head * to.head + column], at[i][part] * factor);
    }
  }
};

// The stream of the weights' dropout, of the query of token `token` of the batch.
template <class S>
__device__ std::uint64_t stream_of(const Attention<S>& in, std::int64_t token, std::int64_t head) {
  return in.mask.threshold == 0 ? 0 : bits_at(in.mask.key, static_cast<std::uint64_t>(token * in.heads + head));
}
__device__ inline float dropped(float x, const Mask& mask, std::uint64_t stream, std::int64_t key) {
  if (mask.threshold == 0) return x;
  return bits_of(stream, static_cast<std::uint32_t>(key)) >= mask.threshold ? x * static_cast<float>(mask.scale) : 0.0f;
}

__device__ inline int at_most(std::int64_t left, int most) { return left < most ? static_cast<int>(left) : most; }

// Calls run(columns) with the smallest number of columns that holds a head, as a type.
template <class Run>
void by_width(int width, const Run& run) {
  if (width <= 32) return run(std::integral_constant<int, 32>());
  if (width <= 64) return run(std::integral_constant<int, 64>());
  if (width <= 128) return run(std::integral_constant<int, 128>());
  run(std::integral_constant<int, kWidestHead>());
}

// Tiles of `own` tokens that the longest row has.
inline std::int64_t tiles_of(std::int64_t longest, int own) { return std::max<std::int64_t>(1, blocks_for(longest, own)); }

}  // namespace graft::nn::cuda
