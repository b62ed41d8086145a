// Vectors of one instruction set, and what the kernels compute with them. Included by kernels_impl.hpp alone.

namespace graft::nn::GRAFT_ISA {

using Index = std::int64_t;

template <class T>
struct Lanes {
  static constexpr Index kCount = GRAFT_VECTOR_BYTES / sizeof(T);
  typedef T Vector __attribute__((vector_size(GRAFT_VECTOR_BYTES)));
  typedef T Loose __attribute__((vector_size(GRAFT_VECTOR_BYTES), aligned(alignof(T)), may_alias));
};
template <class T>
using Vector = typename Lanes<T>::Vector;
typedef std::uint32_t Words __attribute__((vector_size(GRAFT_VECTOR_BYTES)));
typedef std::int32_t Signs __attribute__((vector_size(GRAFT_VECTOR_BYTES)));

static inline Vector<float> load(const float* x) { return *reinterpret_cast<const Lanes<float>::Loose*>(x); }
static inline Vector<double> load(const double* x) { return *reinterpret_cast<const Lanes<double>::Loose*>(x); }
static inline void store(float* x, Vector<float> value) { *reinterpret_cast<Lanes<float>::Loose*>(x) = value; }
static inline void store(double* x, Vector<double> value) { *reinterpret_cast<Lanes<double>::Loose*>(x) = value; }

// bfloat16 in memory is float in arithmetic; rounded to the nearest, ties to even.
typedef std::uint16_t Halves __attribute__((vector_size(GRAFT_VECTOR_BYTES / 2)));
typedef std::uint16_t LooseHalves __attribute__((vector_size(GRAFT_VECTOR_BYTES / 2), aligned(2), may_alias));
static inline Vector<float> load(const Brain* x) {
  const Halves halves = *reinterpret_cast<const LooseHalves*>(x);
  return reinterpret_cast<Vector<float>>(__builtin_convertvector(halves, Words) << 16);
}
static inline void store(Brain* x, Vector<float> value) {
  const Words bits = reinterpret_cast<Words>(value);
  const Words rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
  const Words quiet = (bits >> 16) | 0x40U;
  *reinterpret_cast<LooseHalves*>(x) = __builtin_convertvector(value == value ? rounded : quiet, Halves);
}

// One number out of memory and into it.
static inline float number(float x) { return x; }
static inline double number(double x) { return x; }
static inline float number(Brain x) {
  const Brain some[Lanes<float>::kCount] = {x};
  return load(some)[0];
}
static inline void put(float* x, float value) { *x = value; }
static inline void put(double* x, double value) { *x = value; }
static inline void put(Brain* x, float value) {
  Brain some[Lanes<float>::kCount];
  store(some, Vector<float>{value});
  *x = some[0];
}

// Up to a whole vector: what lies beyond `left` elements is zero, and is not written.
template <class S, class T = Number<S>>
static inline Vector<T> take(const S* x, Index left) {
  if (left >= Lanes<T>::kCount) return load(x);
  S some[Lanes<T>::kCount] = {};
  for (Index i = 0; i < left; ++i) some[i] = x[i];
  return load(some);
}
template <class S, class T = Number<S>>
static inline void give(S* x, Vector<T> value, Index left) {
  if (left >= Lanes<T>::kCount) return store(x, value);
  S some[Lanes<T>::kCount];
  store(some, value);
  for (Index i = 0; i < left; ++i) x[i] = some[i];
}

static inline Index at_most(Index a, Index b) { return a < b ? a : b; }
template <class T>
static inline Index padded(Index n) {
  return (n + Lanes<T>::kCount - 1) / Lanes<T>::kCount * Lanes<T>::kCount;
}

// The two halves of a vector are folded onto each other until one number is left.
template <class T, int kBytes>
struct Part {
  typedef T Type __attribute__((vector_size(kBytes)));
};
struct Add {
  template <class X>
  static inline X of(X a, X b) {
    return a + b;
  }
};
struct Greatest {
  template <class X>
  static inline X of(X a, X b) {
    return a > b ? a : b;
  }
};
template <class Fold, class T, int kBytes = GRAFT_VECTOR_BYTES>
static inline T folded(typename Part<T, kBytes>::Type x) {
  if constexpr (kBytes == sizeof(T)) {
    return x[0];
  } else {
    typename Part<T, kBytes / 2>::Type halves[2];
    __builtin_memcpy(halves, &x, kBytes);
    return folded<Fold, T, kBytes / 2>(Fold::of(halves[0], halves[1]));
  }
}
template <class T>
static inline T sum_of(Vector<T> x) {
  return folded<Add, T>(x);
}
template <class T>
static inline T most_of(Vector<T> x) {
  return folded<Greatest, T>(x);
}

// exp(x) for x <= 0, and a little above. Float: 2^n * e^r with |r| <= ln(2) / 2, e^r by its series.
static inline Vector<float> exponential(Vector<float> x) {
  const Vector<float> low = x * 0.0f - 87.0f;
  x = x < low ? low : x;
  const Vector<float> shifted = x * 1.44269504f + 12582912.0f;  // rounds to an integer in the low bits
  const Vector<float> n = shifted - 12582912.0f;
  const Vector<float> r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  Vector<float> e = r * (1.0f / 5040) + 1.0f / 720;
  e = e * r + 1.0f / 120;
  e = e * r + 1.0f / 24;
  e = e * r + 1.0f / 6;
  e = e * r + 0.5f;
  e = e * r + 1.0f;
  e = e * r + 1.0f;
  const Signs bits = reinterpret_cast<Signs>(shifted) << 23;
  return reinterpret_cast<Vector<float>>(reinterpret_cast<Signs>(e) + bits);
}
static inline Vector<double> exponential(Vector<double> x) {
  for (Index i = 0; i < Lanes<double>::kCount; ++i) x[i] = __builtin_exp(x[i]);
  return x;
}
static inline float logarithm(float x) { return __builtin_logf(x); }
static inline double logarithm(double x) { return __builtin_log(x); }
static inline float exponent(float x) { return __builtin_expf(x); }
static inline double exponent(double x) { return __builtin_exp(x); }
static inline float root(float x) { return __builtin_sqrtf(x); }
static inline double root(double x) { return __builtin_sqrt(x); }

// The standard normal distribution's share below x, where `bell` is exp(-x^2 / 2). Float: within 8e-8 (Abramowitz and Stegun 7.1.26).
static inline Vector<float> normal_below(Vector<float> x, Vector<float> bell) {
  const Vector<float> size = x < 0.0f ? -x : x;
  const Vector<float> t = 1.0f / (size * 0.231641888f + 1.0f);
  Vector<float> tail = t * 0.5307027145f - 0.7265760135f;
  tail = tail * t + 0.7107068705f;
  tail = tail * t - 0.142248368f;
  tail = (tail * t + 0.127414796f) * t * bell;
  return x < 0.0f ? tail : 1.0f - tail;
}
static inline Vector<double> normal_below(Vector<double> x, Vector<double>) {
  for (Index i = 0; i < Lanes<double>::kCount; ++i) x[i] = (__builtin_erf(x[i] * 0.70710678118654752440) + 1) * 0.5;
  return x;
}

// ---- masks

static inline Words bits_of(Words j, std::uint64_t key) {
  Words x = j * 0x9e3779b9U + static_cast<std::uint32_t>(key);
  x = (x ^ (x >> 16)) * 0x85ebca6bU;
  x = ((x ^ (x >> 13)) + static_cast<std::uint32_t>(key >> 32)) * 0xc2b2ae35U;
  return x ^ (x >> 16);
}

template <class S>
static inline Index dropout_vectors(const S* x, S* y, Index n, std::uint64_t key, std::uint32_t first, std::uint32_t threshold,
                                    float scale) {
  Words j;
  for (Index i = 0; i < Lanes<float>::kCount; ++i) j[i] = first + static_cast<std::uint32_t>(i);
  Index done = 0;
  for (; done + Lanes<float>::kCount <= n; done += Lanes<float>::kCount, j += static_cast<std::uint32_t>(Lanes<float>::kCount)) {
    const Signs kept = reinterpret_cast<Signs>(bits_of(j, key) >= threshold);
    store(y + done, reinterpret_cast<Vector<float>>(reinterpret_cast<Signs>(load(x + done) * scale) & kept));
  }
  return done;
}
static inline Index dropout_vectors(const double*, double*, Index, std::uint64_t, std::uint32_t, std::uint32_t, double) {
  return 0;
}

// Elements first .. first + n of the stream.
template <class S, class T = Number<S>>
static void dropout_from(std::uint32_t first, const S* x, S* y, Index n, std::uint64_t key, std::uint32_t threshold, T scale) {
  for (Index j = dropout_vectors(x, y, n, key, first, threshold, scale); j < n; ++j) {
    put(y + j, mask_bits(key, first + static_cast<std::uint32_t>(j)) >= threshold ? number(x[j]) * scale : T(0));
  }
}

template <class S>
static void dropout(const S* x, S* y, Index n, std::uint64_t key, std::uint32_t threshold, Number<S> scale) {
  dropout_from<S>(0, x, y, n, key, threshold, scale);
}

}  // namespace graft::nn::GRAFT_ISA
