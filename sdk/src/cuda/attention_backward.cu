// The weights p come anew from the log-sum-exp: p = exp(scale * q . k - lse). With kept() for dropout, along = out . dout:
//   dv_j = sum over i of kept(p_ij) dout_i      ds_ij = p_ij (kept(dout_i . v_j) - along_i) scale
//   dq_i = sum over j of ds_ij k_j              dk_j = sum over i of ds_ij q_i
// Dao et al. 2022, arXiv:2205.14135. One kernel owns queries and adds over keys, another owns keys and adds over queries.
#include "heads.cuh"

namespace graft::nn::cuda {
namespace {

template <class S>
__global__ void along_kernel(AttentionSlope<S> slope, std::int64_t heads, int width) {
  const std::int64_t step = std::int64_t(gridDim.x) * kWarps;
  for (std::int64_t i = std::int64_t(blockIdx.x) * kWarps + threadIdx.x / kWarp; i < slope.queries * heads; i += step) {
    const S* out = slope.out.data + (i / heads) * slope.out.token + (i % heads) * slope.out.head;
    const S* dout = slope.dout.data + (i / heads) * slope.dout.token + (i % heads) * slope.dout.head;
    float sum = 0;
    for (int c = threadIdx.x % kWarp; c < width; c += kWarp) sum += number(out[c]) * number(dout[c]);
    sum = warp_sum(sum);
    if (threadIdx.x % kWarp == 0) slope.along[i] = sum;
  }
}

// What the backward pass keeps of one query.
struct Query {
  float lse = 0, along = 0;
  std::uint64_t stream = 0;
};

template <int D, class S>
__device__ Query query_of(const Attention<S>& in, const AttentionSlope<S>& slope, const Block<D, S>& block, std::int64_t query) {
  if (query >= block.queries) return {};
  const std::int64_t token = block.first_query + query;
  return {slope.lse.data[token * slope.lse.token + block.head * slope.lse.head], slope.along[token * in.heads + block.head],
          stream_of(in, block.first + query, block.head)};
}

template <class S>
__device__ float weight_of(const Attention<S>& in, const Query& query, float product, bool is_seen) {
  return is_seen ? expf(product * in.scale - query.lse) : 0.0f;
}

template <class S>
__device__ float slope_of(const Attention<S>& in, const Query& query, std::int64_t key, float weight, float dweight) {
  return weight * (dropped(dweight, in.mask, query.stream, key) - query.along) * in.scale;
}

template <class S, int D>
__global__ void queries_kernel(Attention<S> in, AttentionSlope<S> slope, std::int64_t tiles) {
  __shared__ __align__(16) float q[kOwn<D> * kStride<D>];
  __shared__ __align__(16) float dout[kOwn<D> * kStride<D>];
  __shared__ __align__(16) float tile[kWarp * kStride<D>];
  const int lane = threadIdx.x % kWarp;
  for (std::int64_t item = blockIdx.x; item < in.rows * in.heads * tiles; item += gridDim.x) {
    const Block<D, S> block = block_of<D>(in, item, tiles);
    for (std::int64_t start = block.start; start < block.queries; start += block.step) {
      const int asked = at_most(block.queries - start, kOwn<D>);
      const std::int64_t mine = start + (threadIdx.x / kWarp) * kPer<D>;
      __syncthreads();
      stage<D>(q, in.q, block.head, block.first_query + start, asked, kOwn<D>, in.width);
      stage<D>(dout, slope.dout, block.head, block.first_query + start, asked, kOwn<D>, in.width);
      Query queries[kPer<D>];
      for (int i = 0; i < kPer<D>; ++i) queries[i] = query_of(in, slope, block, mine + i);
      Vectors<D> dq;
      dq.clear();
      const std::int64_t keys = in.is_causal ? min(start + asked, block.tokens) : block.tokens;
      for (std::int64_t first = 0; first < keys; first += kWarp) {
        const int count = at_most(keys - first, kWarp);
        float dweights[kPer<D>], products[kPer<D>];
        next_tile<D>(tile, in.v, block.head, block.first + first, count, in.width);
        products_of<D>(dout, tile, in.width, dweights);
        next_tile<D>(tile, in.k, block.head, block.first + first, count, in.width);
        products_of<D>(q, tile, in.width, products);
        for (int i = 0; i < kPer<D>; ++i) {
          const bool is_seen = lane < count && (!in.is_causal || first + lane <= mine + i);
          const float weight = weight_of(in, queries[i], products[i], is_seen);
          products[i] = slope_of(in, queries[i], first + lane, weight, dweights[i]);
        }
        dq.add(products, tile, count);
      }
      for (int i = 0; i < kPer<D>; ++i)
        if (mine + i < block.queries) dq.write(i, slope.dq, block.first_query + mine + i, block.head, in.width, 1.0f);
    }
  }
}

template <class S, int D>
__global__ void keys_kernel(Attention<S> in, AttentionSlope<S> slope, std::int64_t tiles) {
  __shared__ __align__(16) float k[kOwn<D> * kStride<D>];
  __shared__ __align__(16) float v[kOwn<D> * kStride<D>];
  __shared__ __align__(16) float tile[kWarp * kStride<D>];
  const int lane = threadIdx.x % kWarp;
  for (std::int64_t item = blockIdx.x; item < in.rows * in.heads * tiles; item += gridDim.x) {
    const Block<D, S> block = block_of<D>(in, item, tiles);
    for (std::int64_t start = block.start; start < block.tokens; start += block.step) {
      const int owned = at_most(block.tokens - start, kOwn<D>);
      const std::int64_t mine = start + (threadIdx.x / kWarp) * kPer<D>;
      __syncthreads();
      stage<D>(k, in.k, block.head, block.first + start, owned, kOwn<D>, in.width);
      stage<D>(v, in.v, block.head, block.first + start, owned, kOwn<D>, in.width);
      Vectors<D> dk, dv;
      dk.clear();
      dv.clear();
      for (std::int64_t first = in.is_causal ? start : 0; first < block.queries; first += kWarp) {
        const int count = at_most(block.queries - first, kWarp);
        const Query query = query_of(in, slope, block, first + lane);
        float weights[kPer<D>], kept[kPer<D>], slopes[kPer<D>];
        next_tile<D>(tile, in.q, block.head, block.first_query + first, count, in.width);
        products_of<D>(k, tile, in.width, weights);
        for (int i = 0; i < kPer<D>; ++i) {
          const bool is_seen = lane < count && (!in.is_causal || mine + i <= first + lane);
          weights[i] = weight_of(in, query, weights[i], is_seen);
          kept[i] = dropped(weights[i], in.mask, query.stream, mine + i);
        }
        next_tile<D>(tile, slope.dout, block.head, block.first_query + first, count, in.width);
        products_of<D>(v, tile, in.width, slopes);
        dv.add(kept, tile, count);
        for (int i = 0; i < kPer<D>; ++i) slopes[i] = slope_of(in, query, mine + i, weights[i], slopes[i]);
        next_tile<D>(tile, in.q, block.head, block.first_query + first, count, in.width);
        dk.add(slopes, tile, count);
      }
      for (int i = 0; i < kPer<D>; ++i) {
        if (mine + i >= block.tokens) continue;
        dk.write(i, slope.dk, block.first + mine + i, block.head, in.width, 1.0f);
        dv.write(i, slope.dv, block.first + mine + i, block.head, in.width, 1.0f);
      }
    }
  }
}

}  // namespace

template <class S>
void attention_backward(const Attention<S>& in, const AttentionSlope<S>& slope, cudaStream_t stream) {
  start(along_kernel<S>, grid_of(blocks_for(slope.queries * in.heads, kWarps)), stream, slope, in.heads, in.width);
  by_width(in.width, [&](auto columns) {
    constexpr int D = columns;
    const std::int64_t tiles = tiles_of(in.longest, kOwn<D>), query_tiles = in.first_only ? 1 : tiles;
    start(queries_kernel<S, D>, grid_of(in.rows * in.heads * query_tiles), stream, in, slope, query_tiles);
    start(keys_kernel<S, D>, grid_of(in.rows * in.heads * tiles), stream, in, slope, tiles);
  });
}

template void attention_backward(const Attention<float>&, const AttentionSlope<float>&, cudaStream_t);
template void attention_backward(const Attention<Brain>&, const AttentionSlope<Brain>&, cudaStream_t);

}  // namespace graft::nn::cuda
