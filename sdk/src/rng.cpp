#include "graft/rng.hpp"

#include <ATen/Functions.h>

#include <cmath>
#include <numbers>

#include "graft/error.hpp"

namespace graft {

Rng Rng::fork(std::uint64_t number) const {
  return Rng(mix(mix(key_ ^ 0x6a09e667f3bcc909ULL) + mix(number + 0xbb67ae8584caa73bULL)));
}

Rng Rng::fork(std::string_view name) const {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (unsigned char byte : name) hash = (hash ^ byte) * 0x100000001b3ULL;
  return fork(hash ^ (std::uint64_t{name.size()} << 56));
}

Rng Rng::row(std::int64_t row_id) const { return fork("row").fork(static_cast<std::uint64_t>(row_id)); }

std::uint64_t Rng::bits() { return bits_at(key_, counter_++); }

double Rng::uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

double Rng::normal() {  // Box and Muller; one of the pair, so that a draw always takes two counters
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::int64_t Rng::below(std::int64_t n) {
  if (n < 1) throw Error("rng", "below(n) needs n >= 1, got " + std::to_string(n));
  const auto range = static_cast<std::uint64_t>(n);
  const std::uint64_t reject = -range % range;  // 2^64 mod n: draws under it would favour small results
  std::uint64_t draw;
  do draw = bits();
  while (draw < reject);
  return static_cast<std::int64_t>(draw % range);
}

Tensor Rng::uniform_like(const Tensor& like) {
  // Only as many bits as the type holds, so that rounding never gives 1.
  const int digits = like.scalar_type() == at::kDouble  ? 53
                     : like.scalar_type() == at::kFloat ? 24
                     : like.scalar_type() == at::kHalf  ? 11
                                                        : 8;
  Tensor drawn = at::empty(like.sizes(), like.options().dtype(at::kDouble).device(at::kCPU));
  double* out = drawn.mutable_data_ptr<double>();
  for (std::int64_t i = 0, n = drawn.numel(); i < n; ++i)
    out[i] = std::ldexp(static_cast<double>(bits() >> (64 - digits)), -digits);
  return drawn.to(like.options());
}

}  // namespace graft
