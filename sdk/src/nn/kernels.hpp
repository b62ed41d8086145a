// Kernels: the inner loops of attention and dropout on the CPU, compiled once for each instruction set and chosen at run time.
//
//   masks    element j of the stream `key` is kept when bits(key, j) >= threshold (32 bits), and then scaled
//   order    every sum runs over its terms in a fixed order, so that results depend on the instruction set alone
#pragma once

#include <cstdint>

namespace graft::nn {

struct Mask {
  std::uint64_t key = 0;  // of the first query's stream; query i draws from the hash of (key, first + i * step)
  std::uint64_t first = 0, step = 0;
  std::uint32_t threshold = 0;  // p * 2^32; 0 keeps everything
  double scale = 1;             // 1 / (1 - p)
};

// One head of one row: `tokens` rows of `width` elements, of which the first `queries` ask; strides count elements from one
// token to the next.
template <class T>
struct AttentionHead {
  const T *q, *k, *v;
  std::int64_t q_stride, k_stride, v_stride;
  std::int64_t tokens, queries, width;
  T scale;  // of the scores
  Mask mask;
};

template <class T>
struct AttentionGradients {
  const T *out, *dout;
  std::int64_t out_stride, dout_stride;
  const T* lse;  // [queries] log of the sum of exp(score)
  std::int64_t lse_stride;
  T *dq, *dk, *dv;
  std::int64_t stride;
};

template <class T>
struct Kernels {
  // y[j] = x[j] * scale where kept, 0 elsewhere; y may be x.
  void (*dropout)(const T* x, T* y, std::int64_t n, std::uint64_t key, std::uint32_t threshold, T scale);
  void (*attention)(const AttentionHead<T>& head, T* out, std::int64_t out_stride, T* lse, std::int64_t lse_stride, T* workspace);
  void (*attention_backward)(const AttentionHead<T>& head, const AttentionGradients<T>& gradients, T* workspace);
  std::int64_t (*workspace)(std::int64_t tokens, std::int64_t width);  // elements that one call needs
};

template <class T>
const Kernels<T>& kernels();  // the best that this machine runs

// bits() in plain C++, for the plain twins: 32 random bits of element j of stream `key`. MurmurHash3's 32-bit finaliser with
// half of the key added before and half in the middle.
inline std::uint32_t mask_bits(std::uint64_t key, std::uint32_t j) {
  std::uint32_t x = j * 0x9e3779b9U + static_cast<std::uint32_t>(key);
  x = (x ^ (x >> 16)) * 0x85ebca6bU;
  x = ((x ^ (x >> 13)) + static_cast<std::uint32_t>(key >> 32)) * 0xc2b2ae35U;
  return x ^ (x >> 16);
}

}  // namespace graft::nn
