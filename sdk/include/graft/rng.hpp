// Rng: counter-based random numbers. A stream is a 64-bit key; a draw is a hash of (key, counter). So a stream can be named
// by what it belongs to (seed, epoch, row, step name), and is the same for any thread count, order, machine and resume.
//
//   source   SplitMix64's finaliser (Steele et al. 2014, "Fast splittable pseudorandom number generators"), twice
//   differs  not cryptographic; streams that must differ need different keys, which fork() and row() give
#pragma once

#include <cstdint>
#include <string_view>

#include "graft/export.hpp"
#include "graft/tensor.hpp"

namespace graft {

class GRAFT_API Rng {
 public:
  explicit Rng(std::uint64_t key) : key_(key) {}

  Rng fork(std::string_view name) const;  // an independent stream under this one; the parent's draws do not matter
  Rng fork(std::uint64_t number) const;
  Rng row(std::int64_t row_id) const;  // the stream of one row

  std::uint64_t bits();                       // 64 random bits; advances
  double uniform();                           // [0, 1), 53 bits
  double normal();                            // mean 0, variance 1
  std::int64_t below(std::int64_t n);         // [0, n), unbiased; throws Error("rng") when n < 1
  Tensor uniform_like(const Tensor& like);    // [0, 1) in the shape, type and device of `like`; float types only
  std::uint64_t key() const { return key_; }  // for kernels that draw by counter themselves

  // The hash that all draws use, for kernels: bits number `counter` of stream `key`.
  static std::uint64_t bits_at(std::uint64_t key, std::uint64_t counter) {
    return mix(mix(key + 0x9e3779b97f4a7c15ULL * (counter + 1)) + key);
  }
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

}  // namespace graft
