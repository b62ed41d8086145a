// Launch: what the CUDA kernels take: raw pointers on one device, sizes, and the stream they run in. No torch header, so that
// nvcc compiles the kernels and g++ the tensors' side.
//
//   S         what lies in memory: float, or Brain for bfloat16; computed with float
//   sums      every sum runs over its terms in an order that the shapes alone decide; nothing is added by atomics
//   nothing   is launched where there are no elements; no call waits for the device
//   errors    a launch leaves CUDA's last error, which the caller checks
#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "../nn/kernels.hpp"

namespace graft::nn::cuda {

constexpr int kWidestHead = 256;

// Rows whose column sums one block adds up; at most kMostGroups groups of them, which a second kernel adds.
constexpr std::int64_t kLeastRows = 32, kMostGroups = 256;
constexpr std::int64_t rows_of_group(std::int64_t rows) {
  const std::int64_t even = (rows + kMostGroups - 1) / kMostGroups;
  return even > kLeastRows ? even : kLeastRows;
}
constexpr std::int64_t groups_of(std::int64_t rows) { return (rows + rows_of_group(rows) - 1) / rows_of_group(rows); }

// y[i] = x[i] * mask.scale where kept, 0 elsewhere; i in [0, n).
template <class S>
void dropout(const S* x, S* y, std::int64_t n, const Mask& mask, cudaStream_t stream);

// y = norm(dropout(x) + residual) * weight + bias.
template <class S>
struct Norm {
  const S *x, *residual;       // [rows, width]
  const float *weight, *bias;  // [width]
  S *y, *normed;               // [rows, width]
  float* rstd;                 // [rows]
  std::int64_t rows, width;
  float epsilon;
  Mask mask;
};
template <class S>
void add_norm(const Norm<S>& norm, cudaStream_t stream);

template <class S>
struct NormSlope {
  const S *dy, *normed;
  const float *rstd, *weight;
  S *dx, *dresidual;  // one place where nothing is dropped
  float* partial;     // [2, groups_of(rows), width] to work in
  float* sums;        // [2, width]: dweight, dbias
  std::int64_t rows, width;
  Mask mask;
};
template <class S>
void add_norm_backward(const NormSlope<S>& slope, cudaStream_t stream);

// x += bias, y = gelu(x); x and y [rows, width].
template <class S>
void gelu(S* x, const float* bias, S* y, std::int64_t rows, std::int64_t width, cudaStream_t stream);

template <class S>
struct GeluSlope {
  const S *dy, *h;  // h is the x that gelu() left
  S* dh;
  float* partial;  // [groups_of(rows), width] to work in
  float* dbias;    // [width]
  std::int64_t rows, width;
};
template <class S>
void gelu_backward(const GeluSlope<S>& slope, cudaStream_t stream);

template <class S>
struct Entropy {
  const S* scores;              // [rows, classes]
  const std::int64_t* targets;  // [rows]; negative: no label; classes or more: the row's loss and slope are NaN
  std::int64_t rows, classes;
  double smoothing;
};
template <class S>
void cross_entropy(const Entropy<S>& entropy, float* loss, float* lse, cudaStream_t stream);
template <class S>
void cross_entropy_backward(const Entropy<S>& entropy, const float* lse, const float* dloss, S* dscores, cudaStream_t stream);

// Attention over ragged rows. Element (n, h, c) of a tensor lies at data[n * token + h * head + c].
template <class S>
struct Heads {
  S* data;
  std::int64_t token, head;
};
template <class S>
struct Attention {
  Heads<const S> q, k, v;
  const std::int32_t* offsets;        // [rows + 1]
  std::int64_t rows, heads, longest;  // more tokens in a row than `longest` cost time, no correctness
  int width;                          // of a head, at most kWidestHead
  bool first_only;                    // q is [rows, heads, width]
  bool is_causal;
  float scale;
  Mask mask;  // the query of token n in head h draws from stream bits_at(mask.key, n * heads + h)
};
template <class S>
void attention(const Attention<S>& in, Heads<S> out, Heads<float> lse, cudaStream_t stream);

template <class S>
struct AttentionSlope {
  Heads<const S> out, dout;
  Heads<const float> lse;
  std::int64_t queries;  // N, or rows when first_only
  float* along;          // [queries, heads] to work in
  Heads<S> dq, dk, dv;
};
template <class S>
void attention_backward(const Attention<S>& in, const AttentionSlope<S>& slope, cudaStream_t stream);

}  // namespace graft::nn::cuda
