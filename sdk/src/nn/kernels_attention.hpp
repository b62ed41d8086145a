// Attention of one head of one row, forward and backward. Included by kernels_impl.hpp alone.

namespace graft::nn::GRAFT_ISA {

constexpr Index kQueries = 48;  // rows of scores that are held at once
constexpr int kTileRows = 6, kTileVectors = 2;

// ---- products: C[m, n] (+)= sum over k of A[m, k] B[k, n]; A by element strides, rows of B and C are whole vectors

template <class T>
struct Product {
  Index m, n, k;
  const T* a;
  Index a_row, a_column;
  const T* b;
  Index b_row;
  T* c;
  Index c_row;
  bool adds;
};

template <class T, int kRows, int kVectors>
static inline void tile(const Product<T>& p, Index m, Index n) {
  constexpr Index kLanes = Lanes<T>::kCount;
  Vector<T> sum[kRows][kVectors] = {};
  const T* a = p.a + m * p.a_row;
  const T* b = p.b + n;
  for (Index k = 0; k < p.k; ++k, a += p.a_column, b += p.b_row) {
    Vector<T> row[kVectors];
    for (int j = 0; j < kVectors; ++j) row[j] = load(b + j * kLanes);
    for (int i = 0; i < kRows; ++i)
      for (int j = 0; j < kVectors; ++j) sum[i][j] += row[j] * a[i * p.a_row];
  }
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVectors; ++j) {
      T* c = p.c + (m + i) * p.c_row + n + j * kLanes;
      store(c, p.adds ? load(c) + sum[i][j] : sum[i][j]);
    }
  }
}

template <class T, int kRows, int kVectors>
static inline void tile_of(Index rows, const Product<T>& p, Index m, Index n) {
  if (rows >= kRows) return tile<T, kRows, kVectors>(p, m, n);
  if constexpr (kRows > 1) tile_of<T, kRows - 1, kVectors>(rows, p, m, n);
}

template <class T>
static void multiply(const Product<T>& p) {
  constexpr Index kLanes = Lanes<T>::kCount;
  Index n = 0;
  for (; n + kTileVectors * kLanes <= p.n; n += kTileVectors * kLanes)
    for (Index m = 0; m < p.m; m += kTileRows) tile_of<T, kTileRows, kTileVectors>(p.m - m, p, m, n);
  for (; n < p.n; n += kLanes)
    for (Index m = 0; m < p.m; m += kTileRows) tile_of<T, kTileRows, 1>(p.m - m, p, m, n);
}

// ---- operands: [tokens, width] with rows of whole vectors, and [width, tokens]

template <class T>
struct Rows {
  T* data;
  Index stride;
};

template <class T>
static Rows<const T> whole(const T* x, Index stride, Index tokens, Index width, T*& workspace) {
  const Index wide = padded<T>(width);
  if (wide == width) return {x, stride};
  T* copy = workspace;
  workspace += tokens * wide;
  for (Index t = 0; t < tokens; ++t)
    for (Index c = 0; c < wide; ++c) copy[t * wide + c] = c < width ? x[t * stride + c] : T(0);
  return {copy, wide};
}

template <class T>
static const T* transposed(const T* x, Index stride, Index tokens, Index width, T*& workspace) {
  const Index wide = padded<T>(tokens);
  T* copy = workspace;
  workspace += width * wide;
  for (Index t = 0; t < tokens; ++t)
    for (Index c = 0; c < width; ++c) copy[c * wide + t] = x[t * stride + c];
  for (Index c = 0; c < width; ++c)
    for (Index t = tokens; t < wide; ++t) copy[c * wide + t] = T(0);
  return copy;
}

// Where a result of whole vectors goes: straight to its place when the width allows it.
template <class T>
static Rows<T> result(T* x, Index stride, Index tokens, Index width, T*& workspace) {
  const Index wide = padded<T>(width);
  if (wide == width) return {x, stride};
  T* buffer = workspace;
  workspace += tokens * wide;
  return {buffer, wide};
}

template <class T>
static void deliver(Rows<T> rows, T* x, Index stride, Index tokens, Index width) {
  if (rows.data == x) return;
  for (Index t = 0; t < tokens; ++t)
    for (Index c = 0; c < width; ++c) x[t * stride + c] = rows.data[t * rows.stride + c];
}

// Keys that the queries before `end` see.
template <class T>
static Index seen_by(const AttentionHead<T>& head, Index end) {
  return head.is_causal ? end : head.tokens;
}

template <class T>
static void mask_rows(const AttentionHead<T>& head, T* x, Index wide, Index first, Index count) {
  const Mask& mask = head.mask;
  if (mask.threshold == 0) return;
  for (Index i = 0; i < count; ++i) {
    const std::uint64_t key = Rng::bits_at(mask.key, mask.first + static_cast<std::uint64_t>(first + i) * mask.step);
    dropout<T>(x + i * wide, x + i * wide, seen_by(head, first + count), key, mask.threshold, static_cast<T>(mask.scale));
  }
}

// ---- forward

// scores -> weights in place; returns log sum exp(scale * score).
template <class T>
static T softmax(T* s, Index tokens, Index wide, T scale) {
  constexpr Index kLanes = Lanes<T>::kCount;
  for (Index j = tokens; j < wide; ++j) s[j] = s[0];
  Vector<T> most = load(s);
  for (Index j = kLanes; j < wide; j += kLanes) {
    const Vector<T> x = load(s + j);
    most = x > most ? x : most;
  }
  const T top = most_of<T>(most);
  for (Index j = tokens; j < wide; ++j) s[j] = top - T(1000) / scale;  // adds nothing to a sum of at least 1
  Vector<T> sums = {};
  for (Index j = 0; j < wide; j += kLanes) {
    const Vector<T> e = exponential((load(s + j) - top) * scale);
    sums += e;
    store(s + j, e);
  }
  const T sum = sum_of<T>(sums), part = T(1) / sum;
  for (Index j = 0; j < wide; j += kLanes) store(s + j, load(s + j) * part);
  for (Index j = tokens; j < wide; ++j) s[j] = T(0);
  return top * scale + logarithm(sum);
}

template <class T>
static void attention(const AttentionHead<T>& head, T* out, Index out_stride, T* lse, Index lse_stride, T* workspace) {
  const Index tokens = head.tokens, width = head.width, wide = padded<T>(tokens);
  const T* keys = transposed(head.k, head.k_stride, tokens, width, workspace);
  const Rows<const T> values = whole(head.v, head.v_stride, tokens, width, workspace);
  const Rows<T> results = result(out, out_stride, head.queries, width, workspace);
  T* scores = workspace;
  for (Index first = 0; first < head.queries; first += kQueries) {
    const Index count = at_most(kQueries, head.queries - first), seen = seen_by(head, first + count);
    multiply<T>(
        {count, padded<T>(seen), width, head.q + first * head.q_stride, head.q_stride, 1, keys, wide, scores, wide, false});
    for (Index i = 0; i < count; ++i) {
      const Index end = first + i + 1;
      lse[(first + i) * lse_stride] = softmax(scores + i * wide, seen_by(head, end), padded<T>(seen), head.scale);
    }
    mask_rows(head, scores, wide, first, count);
    multiply<T>({count, padded<T>(width), seen, scores, wide, 1, values.data, values.stride,
                 results.data + first * results.stride, results.stride, false});
  }
  deliver(results, out, out_stride, head.queries, width);
}

// ---- backward

// scores -> weights in place, from the saved log-sum-exp.
template <class T>
static void weights_of(T* s, Index tokens, Index wide, T scale, T lse) {
  for (Index j = 0; j < wide; j += Lanes<T>::kCount) store(s + j, exponential(load(s + j) * scale - lse));
  for (Index j = tokens; j < wide; ++j) s[j] = T(0);
}

// The slopes of one query's scores, in place of those of its weights p (dropped ones are zero): ds = p (dp - p . dp) scale.
template <class T>
static void score_slopes(const T* p, T* dp, Index wide, T scale) {
  constexpr Index kLanes = Lanes<T>::kCount;
  Vector<T> products = {};
  for (Index j = 0; j < wide; j += kLanes) products += load(p + j) * load(dp + j);
  const T along = sum_of<T>(products);
  for (Index j = 0; j < wide; j += kLanes) store(dp + j, load(p + j) * (load(dp + j) - along) * scale);
}

template <class T>
static void attention_backward(const AttentionHead<T>& head, const AttentionGradients<T>& g, T* workspace) {
  const Index tokens = head.tokens, width = head.width, wide = padded<T>(tokens), width_wide = padded<T>(width);
  const T* keys_t = transposed(head.k, head.k_stride, tokens, width, workspace);
  const T* values_t = transposed(head.v, head.v_stride, tokens, width, workspace);
  const Rows<const T> queries = whole(head.q, head.q_stride, head.queries, width, workspace);
  const Rows<const T> keys = whole(head.k, head.k_stride, tokens, width, workspace);
  const Rows<const T> dout = whole(g.dout, g.dout_stride, head.queries, width, workspace);
  const Rows<T> dq = result(g.dq, g.stride, head.queries, width, workspace);
  const Rows<T> dk = result(g.dk, g.stride, tokens, width, workspace);
  const Rows<T> dv = result(g.dv, g.stride, tokens, width, workspace);
  T* p = workspace;
  T* kept = p + kQueries * wide;
  T* dp = kept + kQueries * wide;
  if (head.is_causal) {  // later blocks of queries see keys that earlier ones did not
    for (Index t = 0; t < tokens; ++t)
      for (Index c = 0; c < width_wide; ++c) dk.data[t * dk.stride + c] = dv.data[t * dv.stride + c] = T(0);
  }
  for (Index first = 0; first < head.queries; first += kQueries) {
    const Index count = at_most(kQueries, head.queries - first), seen = seen_by(head, first + count), seen_wide = padded<T>(seen);
    const bool adds = first > 0 || head.is_causal;
    multiply<T>({count, seen_wide, width, head.q + first * head.q_stride, head.q_stride, 1, keys_t, wide, p, wide, false});
    multiply<T>({count, seen_wide, width, g.dout + first * g.dout_stride, g.dout_stride, 1, values_t, wide, dp, wide, false});
    for (Index i = 0; i < count; ++i) {
      weights_of(p + i * wide, seen_by(head, first + i + 1), seen_wide, head.scale, g.lse[(first + i) * g.lse_stride]);
    }
    const T* weights = p;
    if (head.mask.threshold != 0) {
      for (Index i = 0; i < count; ++i)
        for (Index j = i * wide; j < i * wide + seen_wide; j += Lanes<T>::kCount) store(kept + j, load(p + j));
      mask_rows(head, kept, wide, first, count);
      mask_rows(head, dp, wide, first, count);
      weights = kept;
    }
    multiply<T>(
        {seen, width_wide, count, weights, 1, wide, dout.data + first * dout.stride, dout.stride, dv.data, dv.stride, adds});
    for (Index i = 0; i < count; ++i) score_slopes(p + i * wide, dp + i * wide, seen_wide, head.scale);
    multiply<T>({count, width_wide, seen, dp, wide, 1, keys.data, keys.stride, dq.data + first * dq.stride, dq.stride, false});
    multiply<T>(
        {seen, width_wide, count, dp, 1, wide, queries.data + first * queries.stride, queries.stride, dk.data, dk.stride, adds});
  }
  deliver(dq, g.dq, g.stride, head.queries, width);
  deliver(dk, g.dk, g.stride, tokens, width);
  deliver(dv, g.dv, g.stride, tokens, width);
}

// For the backward pass, which needs more: two transposed operands, six padded ones, three blocks of scores.
template <class T>
static Index workspace(Index tokens, Index width) {
  return 2 * width * padded<T>(tokens) + 6 * tokens * padded<T>(width) + 3 * kQueries * padded<T>(tokens);
}

// ---- bfloat16 in memory: what one head needs is widened to float in the workspace, and the results narrowed from there

static const float* widened(const Brain* x, Index stride, Index rows, Index width, float*& workspace) {
  float* copy = workspace;
  workspace += rows * width;
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < width; j += Lanes<float>::kCount)
      give(copy + i * width + j, take(x + i * stride + j, width - j), width - j);
  return copy;
}

static void narrow(const float* x, Index rows, Index width, Brain* to, Index stride) {
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < width; j += Lanes<float>::kCount)
      give(to + i * stride + j, take(x + i * width + j, width - j), width - j);
}

static AttentionHead<float> widened(const AttentionHead<Brain>& head, float*& workspace) {
  const Index width = head.width;
  const float* q = widened(head.q, head.q_stride, head.queries, width, workspace);
  const float* k = widened(head.k, head.k_stride, head.tokens, width, workspace);
  const float* v = widened(head.v, head.v_stride, head.tokens, width, workspace);
  return {q, k, v, width, width, width, head.tokens, head.queries, width, head.scale, head.mask, head.is_causal};
}

static void narrow_attention(const AttentionHead<Brain>& head, Brain* out, Index out_stride, float* lse, Index lse_stride,
                             float* workspace) {
  const AttentionHead<float> wide = widened(head, workspace);
  float* result = workspace;
  attention(wide, result, head.width, lse, lse_stride, workspace + head.queries * head.width);
  narrow(result, head.queries, head.width, out, out_stride);
}

static void narrow_attention_backward(const AttentionHead<Brain>& head, const AttentionGradients<Brain>& g, float* workspace) {
  const Index width = head.width, queries = head.queries, tokens = head.tokens;
  const AttentionHead<float> wide = widened(head, workspace);
  const float* dout = widened(g.dout, g.dout_stride, queries, width, workspace);
  float *dq = workspace, *dk = dq + queries * width, *dv = dk + tokens * width;
  attention_backward<float>(wide, {dout, width, g.lse, g.lse_stride, dq, dk, dv, width}, dv + tokens * width);
  narrow(dq, queries, width, g.dq, g.stride);
  narrow(dk, tokens, width, g.dk, g.stride);
  narrow(dv, tokens, width, g.dv, g.stride);
}

// Seven more operands of up to `tokens` rows.
static Index narrow_workspace(Index tokens, Index width) { return workspace<float>(tokens, width) + 7 * tokens * width; }

}  // namespace graft::nn::GRAFT_ISA
