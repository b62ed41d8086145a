// Kernels: the inner loops of attention, dropout and the fused layers on the CPU, compiled once for each instruction set and chosen at run time.
//
//   masks    element j of the stream `key` is kept when bits(key, j) >= threshold (32 bits), and then scaled
//   order    every sum runs over its terms in a fixed order, so that results depend on the instruction set alone
#pragma once

#include <cstdint>

namespace graft::nn {

// ---- S is what lies in memory: float, double or Brain; it is computed in Number<S>

struct Brain {  // bfloat16
  std::uint16_t bits;
};
template <class S>
struct Arithmetic {
  using Type = S;
};
template <>
struct Arithmetic<Brain> {
  using Type = float;
};
template <class S>
using Number = typename Arithmetic<S>::Type;

struct Mask {
  std::uint64_t key = 0;  // of the first query's stream; query i draws from the hash of (key, first + i * step)
  std::uint64_t first = 0, step = 0;
  std::uint32_t threshold = 0;  // p * 2^32; 0 keeps everything
  double scale = 1;             // 1 / (1 - p)
};

// One head of one row: `tokens` rows of `width` elements, of which the first `queries` ask; strides count elements from one
// token to the next.
template <class S>
struct AttentionHead {
  const S *q, *k, *v;
  std::int64_t q_stride, k_stride, v_stride;
  std::int64_t tokens, queries, width;
  Number<S> scale;  // of the scores
  Mask mask;
  bool is_causal;  // token i sees tokens 0 .. i
};

template <class S>
struct AttentionGradients {
  const S* dout;
  std::int64_t dout_stride;
  const Number<S>* lse;  // [queries] log of the sum of exp(score)
  std::int64_t lse_stride;
  S *dq, *dk, *dv;
  std::int64_t stride;
};

template <class S>
struct Kernels {
  // y[j] = x[j] * scale where kept, 0 elsewhere; y may be x.
  void (*dropout)(const S* x, S* y, std::int64_t n, std::uint64_t key, std::uint32_t threshold, Number<S> scale);
  void (*attention)(const AttentionHead<S>& head, S* out, std::int64_t out_stride, Number<S>* lse, std::int64_t lse_stride,
                    Number<S>* workspace);
  void (*attention_backward)(const AttentionHead<S>& head, const AttentionGradients<S>& gradients, Number<S>* workspace);
  std::int64_t (*workspace)(std::int64_t tokens, std::int64_t width);  // numbers that one call needs
};

// ---- kernels over rows

constexpr int kDropoutBlockBits = 16;  // elements that share one stream of dropout: 65,536

// Rows first .. end of [rows, width] tensors; pointers are to row 0.
template <class S>
struct NormRows {
  const S *x, *residual;          // null in the backward pass
  const Number<S>*weight, *bias;  // [width]
  std::int64_t first, end, width;
  double epsilon;
  Mask mask;  // over the elements of x, as nn::dropout draws
};
template <class S>
struct NormResults {
  S *y, *normed;    // [rows, width]
  Number<S>* rstd;  // [rows] 1 / deviation
};
template <class S>
struct NormGradients {
  const S *dy, *normed;
  const Number<S>* rstd;
  S *dx, *dresidual;          // one place where there is no dropout
  Number<S>*dweight, *dbias;  // [width] sums over these rows alone
};

template <class S>
struct Scored {
  const S* scores;              // [rows, classes]
  const std::int64_t* targets;  // [rows], negative: no label
  std::int64_t first, end, classes;
  double smoothing;
};

template <class S>
struct RowKernels {
  void (*add_norm)(const NormRows<S>& rows, const NormResults<S>& results, Number<S>* row);  // row: [width] to work in
  void (*add_norm_backward)(const NormRows<S>& rows, const NormGradients<S>& gradients, Number<S>* row);
  // x += bias, then y = gelu(x); in the backward pass h is that x, dbias [width] the sum over these rows alone.
  void (*gelu)(S* x, const Number<S>* bias, S* y, std::int64_t rows, std::int64_t width);
  void (*gelu_backward)(const S* dy, const S* h, S* dh, Number<S>* dbias, std::int64_t rows, std::int64_t width);
  void (*column_sums)(const S* x, Number<S>* sums, std::int64_t rows, std::int64_t width);
  void (*cross_entropy)(const Scored<S>& scored, Number<S>* loss, Number<S>* lse);
  void (*cross_entropy_backward)(const Scored<S>& scored, const Number<S>* lse, const Number<S>* dloss, S* dscores);
};

template <class S>
const Kernels<S>& kernels();  // the best that this machine runs
template <class S>
const RowKernels<S>& row_kernels();

// bits() in plain C++, for the plain twins: 32 random bits of element j of stream `key`. MurmurHash3's 32-bit finaliser with
// half of the key added before and half in the middle.
inline std::uint32_t mask_bits(std::uint64_t key, std::uint32_t j) {
  std::uint32_t x = j * 0x9e3779b9U + static_cast<std::uint32_t>(key);
  x = (x ^ (x >> 16)) * 0x85ebca6bU;
  x = ((x ^ (x >> 13)) + static_cast<std::uint32_t>(key >> 32)) * 0xc2b2ae35U;
  return x ^ (x >> 16);
}

}  // namespace graft::nn
