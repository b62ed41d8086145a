#include <cmath>

#include "heads.cuh"

namespace graft::nn::cuda {
namespace {

// The softmax of one query while its keys go by (Milakov and Gimelshein 2018, arXiv:1805.02867).
struct Softmax {
  float most = -INFINITY, sum = 0;

  // `score` of this lane's key -> exp(score - most); returns by what all that came before is to be multiplied.
  __device__ float take(float& score) {
    const float before = most;
    most = fmaxf(most, warp_max(score));
    const float factor = expf(before - most);
    score = expf(score - most);
    sum = sum * factor + warp_sum(score);
    return factor;
  }
};

template <class S, int D>
struct Queries {
  const Attention<S>& in;
  const Block<D, S>& block;
  std::int64_t start;  // of the queries that this block of threads owns
  Vectors<D> results;
  Softmax softmax[kPer<D>];
  std::uint64_t streams[kPer<D>];

  __device__ std::int64_t query(int i) const { return start + (threadIdx.x / kWarp) * kPer<D> + i; }

  __device__ void prepare() {
    results.clear();
    for (int i = 0; i < kPer<D>; ++i) streams[i] = stream_of(in, block.first + query(i), block.head);
  }
  // Scores of the keys from `first` -> their weights, dropped or not.
  __device__ void weigh(float (&scores)[kPer<D>], std::int64_t first, int count) {
    const int lane = threadIdx.x % kWarp;
#pragma unroll
    for (int i = 0; i < kPer<D>; ++i) {
      const bool is_seen = lane < count && (!in.is_causal || first + lane <= query(i));
      scores[i] = is_seen ? scores[i] * in.scale : -INFINITY;
      const float factor = softmax[i].take(scores[i]);
      scores[i] = dropped(scores[i], in.mask, streams[i], first + lane);
      for (float& x : results.at[i]) x *= factor;
    }
  }
  __device__ void write(const Heads<S>& out, const Heads<float>& lse) const {
#pragma unroll
    for (int i = 0; i < kPer<D>; ++i) {
      if (query(i) >= block.queries) continue;
      const std::int64_t token = block.first_query + query(i);
      results.write(i, out, token, block.head, in.width, block.tokens == 0 ? 0.0f : 1.0f / softmax[i].sum);
      if (threadIdx.x % kWarp == 0) {
        lse.data[token * lse.token + block.head * lse.head] = block.tokens == 0 ? 0.0f : softmax[i].most + logf(softmax[i].sum);
      }
    }
  }
};

template <class S, int D>
__global__ void attention_kernel(Attention<S> in, Heads<S> out, Heads<float> lse, std::int64_t tiles) {
  __shared__ __align__(16) float own[kOwn<D> * kStride<D>];
  __shared__ __align__(16) float tile[kWarp * kStride<D>];
  for (std::int64_t item = blockIdx.x; item < in.rows * in.heads * tiles; item += gridDim.x) {
    const Block<D, S> block = block_of<D>(in, item, tiles);
    for (std::int64_t start = block.start; start < block.queries; start += block.step) {
      const int asked = at_most(block.queries - start, kOwn<D>);
      __syncthreads();
      stage<D>(own, in.q, block.head, block.first_query + start, asked, kOwn<D>, in.width);
      Queries<S, D> queries{in, block, start};
      queries.prepare();
      const std::int64_t keys = in.is_causal ? min(start + asked, block.tokens) : block.tokens;
      for (std::int64_t first = 0; first < keys; first += kWarp) {
        const int count = at_most(keys - first, kWarp);
        float weights[kPer<D>];
        next_tile<D>(tile, in.k, block.head, block.first + first, count, in.width);
        products_of<D>(own, tile, in.width, weights);
        queries.weigh(weights, first, count);
        next_tile<D>(tile, in.v, block.head, block.first + first, count, in.width);
        queries.results.add(weights, tile, count);
      }
      queries.write(out, lse);
    }
  }
}

}  // namespace

template <class S>
void attention(const Attention<S>& in, Heads<S> out, Heads<float> lse, cudaStream_t stream) {
  by_width(in.width, [&](auto columns) {
    constexpr int D = columns;
    const std::int64_t tiles = in.first_only ? 1 : tiles_of(in.longest, kOwn<D>);
    start(attention_kernel<S, D>, grid_of(in.rows * in.heads * tiles), stream, in, out, lse, tiles);
  });
}

template void attention(const Attention<float>&, Heads<float>, Heads<float>, cudaStream_t);
template void attention(const Attention<Brain>&, Heads<Brain>, Heads<float>, cudaStream_t);

}  // namespace graft::nn::cuda
