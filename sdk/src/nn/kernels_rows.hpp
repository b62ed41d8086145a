// Kernels over whole rows: dropout + residual + LayerNorm, bias + GELU, cross-entropy. Included by kernels_impl.hpp alone.
//
//   S   what lies in memory: float, double, Brain      T   what is computed with: float for Brain

namespace graft::nn::GRAFT_ISA {

// Element i of a tensor draws from the stream of its block of 65,536, as nn::dropout does.
template <class T>
static void dropout_row(T* x, Index first, Index n, const Mask& mask) {
  if (mask.threshold == 0) return;
  for (Index done = 0; done < n;) {
    const Index block = (first + done) >> kDropoutBlockBits, j = (first + done) - (block << kDropoutBlockBits);
    const Index count = at_most(n - done, (Index(1) << kDropoutBlockBits) - j);
    dropout_from<T>(static_cast<std::uint32_t>(j), x + done, x + done, count,
                    Rng::bits_at(mask.key, static_cast<std::uint64_t>(block)), mask.threshold, static_cast<T>(mask.scale));
    done += count;
  }
}

// ---- dropout + residual + LayerNorm

template <class S, class T = Number<S>>
static void add_norm(const NormRows<S>& in, const NormResults<S>& out, T* row) {
  constexpr Index kLanes = Lanes<T>::kCount;
  const Index width = in.width;
  const T part = T(1) / static_cast<T>(width);
  for (Index i = in.first; i < in.end; ++i) {
    const S *x = in.x + i * width, *residual = in.residual + i * width;
    for (Index j = 0; j < width; j += kLanes) give(row + j, take(x + j, width - j), width - j);
    dropout_row(row, i * width, width, in.mask);
    Vector<T> sums = {};
    for (Index j = 0; j < width; j += kLanes) {
      const Vector<T> h = take(row + j, width - j) + take(residual + j, width - j);
      sums += h;
      give(row + j, h, width - j);
    }
    const T mean = sum_of<T>(sums) * part;
    Vector<T> squares = {};
    Index j = 0;
    for (; j + kLanes <= width; j += kLanes) {
      const Vector<T> d = load(row + j) - mean;
      squares += d * d;
    }
    T square = sum_of<T>(squares);
    for (; j < width; ++j) square += (row[j] - mean) * (row[j] - mean);
    const T rstd = T(1) / root(square * part + static_cast<T>(in.epsilon));
    out.rstd[i] = rstd;
    for (j = 0; j < width; j += kLanes) {
      const Vector<T> normed = (take(row + j, width - j) - mean) * rstd;
      give(out.normed + i * width + j, normed, width - j);
      give(out.y + i * width + j, normed * take(in.weight + j, width - j) + take(in.bias + j, width - j), width - j);
    }
  }
}

template <class S, class T = Number<S>>
static void add_norm_backward(const NormRows<S>& in, const NormGradients<S>& g, T* row) {
  constexpr Index kLanes = Lanes<T>::kCount;
  const Index width = in.width;
  const T part = T(1) / static_cast<T>(width);
  for (Index j = 0; j < width; ++j) g.dweight[j] = g.dbias[j] = T(0);
  for (Index i = in.first; i < in.end; ++i) {
    const S *dy = g.dy + i * width, *normed = g.normed + i * width;
    Vector<T> sums = {}, products = {};
    for (Index j = 0; j < width; j += kLanes) {
      const Vector<T> d = take(dy + j, width - j), n = take(normed + j, width - j), weighted = d * take(in.weight + j, width - j);
      sums += weighted;
      products += weighted * n;
      give(row + j, weighted, width - j);
      give(g.dweight + j, take(g.dweight + j, width - j) + d * n, width - j);
      give(g.dbias + j, take(g.dbias + j, width - j) + d, width - j);
    }
    const T mean = sum_of<T>(sums) * part, along = sum_of<T>(products) * part, rstd = g.rstd[i];
    for (Index j = 0; j < width; j += kLanes) {
      const Vector<T> d = (take(row + j, width - j) - mean - take(normed + j, width - j) * along) * rstd;
      give(row + j, d, width - j);
      give(g.dresidual + i * width + j, d, width - j);
    }
    if (g.dx == g.dresidual) continue;
    dropout_row(row, i * width, width, in.mask);
    for (Index j = 0; j < width; j += kLanes) give(g.dx + i * width + j, take(row + j, width - j), width - j);
  }
}

// ---- bias + GELU

template <class S, class T = Number<S>>
static void gelu(S* x, const T* bias, S* y, Index rows, Index width) {
  constexpr Index kLanes = Lanes<T>::kCount;
  for (Index i = 0; i < rows; ++i, x += width, y += width) {
    for (Index j = 0; j < width; j += kLanes) {
      const Vector<T> h = take(x + j, width - j) + take(bias + j, width - j);
      give(x + j, h, width - j);
      give(y + j, h * normal_below(h, exponential(h * h * T(-0.5))), width - j);
    }
  }
}

template <class S, class T = Number<S>>
static void gelu_backward(const S* dy, const S* h, S* dh, T* dbias, Index rows, Index width) {
  constexpr Index kLanes = Lanes<T>::kCount;
  for (Index j = 0; j < width; ++j) dbias[j] = T(0);
  for (Index i = 0; i < rows; ++i, dy += width, h += width, dh += width) {
    for (Index j = 0; j < width; j += kLanes) {
      const Vector<T> x = take(h + j, width - j);
      const Vector<T> bell = exponential(x * x * T(-0.5));
      const Vector<T> d = take(dy + j, width - j) * (normal_below(x, bell) + x * bell * T(0.39894228040143267794));
      give(dh + j, d, width - j);
      give(dbias + j, take(dbias + j, width - j) + d, width - j);
    }
  }
}

// ---- sums[j] of x[i, j] over the rows

template <class S, int kVectors, class T = Number<S>>
static inline void sums_of(const S* x, T* sums, Index rows, Index width, Index left) {
  constexpr Index kLanes = Lanes<T>::kCount;
  Vector<T> sum[kVectors] = {};
  for (Index i = 0; i < rows; ++i, x += width)
    for (int v = 0; v < kVectors; ++v) sum[v] += take(x + v * kLanes, left - v * kLanes);
  for (int v = 0; v < kVectors; ++v) give(sums + v * kLanes, sum[v], left - v * kLanes);
}

template <class S, class T = Number<S>>
static void column_sums(const S* x, T* sums, Index rows, Index width) {
  constexpr Index kLanes = Lanes<T>::kCount;
  Index j = 0;
  for (; j + 4 * kLanes <= width; j += 4 * kLanes) sums_of<S, 4>(x + j, sums + j, rows, width, width - j);
  for (; j < width; j += kLanes) sums_of<S, 1>(x + j, sums + j, rows, width, width - j);
}

// ---- cross-entropy with label smoothing; a row whose target is negative counts nothing

template <class S, class T = Number<S>>
static void cross_entropy(const Scored<S>& in, T* loss, T* lse) {
  constexpr Index kLanes = Lanes<T>::kCount;
  for (Index i = in.first; i < in.end; ++i) {
    const S* s = in.scores + i * in.classes;
    T most = number(s[0]), sum = 0, total = 0;
    for (Index j = 0; j < in.classes; ++j) {
      most = number(s[j]) > most ? number(s[j]) : most;
      total += number(s[j]);
    }
    Index j = 0;
    Vector<T> sums = {};
    for (; j + kLanes <= in.classes; j += kLanes) sums += exponential(load(s + j) - most);
    if (j > 0) sum = sum_of<T>(sums);
    for (; j < in.classes; ++j) sum += exponent(number(s[j]) - most);
    lse[i] = most + logarithm(sum);
    const T smooth = static_cast<T>(in.smoothing);
    loss[i] = in.targets[i] < 0
                  ? T(0)
                  : lse[i] - (T(1) - smooth) * number(s[in.targets[i]]) - smooth * total / static_cast<T>(in.classes);
  }
}

template <class S, class T = Number<S>>
static void cross_entropy_backward(const Scored<S>& in, const T* lse, const T* dloss, S* dscores) {
  constexpr Index kLanes = Lanes<T>::kCount;
  const T smooth = static_cast<T>(in.smoothing), each = smooth / static_cast<T>(in.classes);
  for (Index i = in.first; i < in.end; ++i) {
    const S* s = in.scores + i * in.classes;
    S* d = dscores + i * in.classes;
    const T weight = in.targets[i] < 0 ? T(0) : dloss[i];
    for (Index j = 0; j < in.classes; j += kLanes) {
      const Index left = in.classes - j;
      give(d + j, (exponential(take(s + j, left) - lse[i]) - each) * weight, left);
    }
    if (in.targets[i] >= 0) {
      const T p = exponent(number(s[in.targets[i]]) - lse[i]);
      put(d + in.targets[i], (p - each - (T(1) - smooth)) * weight);
    }
  }
}

}  // namespace graft::nn::GRAFT_ISA
