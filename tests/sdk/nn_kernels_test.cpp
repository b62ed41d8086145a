// The kernels for vectors of 16 and of 64 bytes, built here in plain instructions: what other machines run is tested on this one.
#include <torch/types.h>

#include <cstring>
#include <random>
#include <type_traits>
#include <vector>

#include "catch.hpp"
#include "graft/nn/attention.hpp"
#include "graft/rng.hpp"

#pragma GCC diagnostic ignored "-Wpsabi"
#include "../../sdk/src/nn/kernels_baseline.cpp"
#undef GRAFT_ISA
#undef GRAFT_VECTOR_BYTES
#define GRAFT_ISA wide
#define GRAFT_VECTOR_BYTES 64
#include "../../sdk/src/nn/kernels_impl.hpp"

using namespace graft;

namespace {

template <class T>
struct Inputs {
  std::int64_t tokens, queries, width;
  std::vector<T> q, k, v, dout;

  Inputs(std::int64_t tokens, std::int64_t queries, std::int64_t width) : tokens(tokens), queries(queries), width(width) {
    std::mt19937 generator(1);
    std::normal_distribution<double> normal;
    for (auto* list : {&q, &k, &v, &dout}) {
      list->resize(static_cast<std::size_t>((list == &q || list == &dout ? queries : tokens) * width));
      for (T& x : *list) x = static_cast<T>(normal(generator));
    }
  }
};

// Result, log-sum-exp and the three gradients, one after the other.
template <class T>
std::vector<T> run(const nn::Kernels<T>& kernels, const Inputs<T>& in, double p, bool is_causal = false) {
  const std::int64_t asked = in.queries * in.width, all = in.tokens * in.width, d = in.width;
  std::vector<T> results(static_cast<std::size_t>(2 * asked + 2 * all + in.queries));
  std::vector<T> workspace(static_cast<std::size_t>(kernels.workspace(in.tokens, d)));
  T *out = results.data(), *lse = out + asked, *dq = lse + in.queries, *dk = dq + asked, *dv = dk + all;
  const nn::Mask mask{7, 0, 1, static_cast<std::uint32_t>(p * 4294967296.0), 1 / (1 - p)};
  const nn::AttentionHead<T> head{in.q.data(), in.k.data(), in.v.data(), d, d,
                                  d,           in.tokens,   in.queries,  d, static_cast<T>(1 / std::sqrt(static_cast<double>(d))),
                                  mask,        is_causal};
  kernels.attention(head, out, d, lse, 1, workspace.data());
  kernels.attention_backward(head, {in.dout.data(), d, lse, 1, dq, dk, dv, d}, workspace.data());
  return results;
}

template <class T>
double furthest(const std::vector<T>& a, const std::vector<T>& b) {
  double furthest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    furthest = std::max(furthest, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  return furthest;
}

}  // namespace

TEST_CASE("kernels: vectors of 16 and of 64 bytes give the same attention and gradients", "[nn][kernels]") {
  const std::int64_t width = GENERATE(1, 5, 12, 32, 64), tokens = GENERATE(1, 2, 17, 48, 130);
  const std::int64_t queries = GENERATE(0, 1);
  const double p = GENERATE(0.0, 0.3);
  const bool is_causal = GENERATE(false, true);
  CAPTURE(width, tokens, queries, p, is_causal);
  const Inputs<float> single(tokens, queries == 0 ? tokens : queries, width);
  CHECK(furthest(run(nn::baseline_kernels().f32, single, p, is_causal), run(nn::wide::kTable<float>, single, p, is_causal)) <
        1e-5);
  const Inputs<double> twice(tokens, queries == 0 ? tokens : queries, width);
  CHECK(furthest(run(nn::baseline_kernels().f64, twice, p, is_causal), run(nn::wide::kTable<double>, twice, p, is_causal)) <
        1e-13);
}

TEST_CASE("kernels: plain instructions give what this machine's best give", "[nn][kernels]") {
  const Inputs<float> in(50, 50, 12);
  const auto tensor = [&](const std::vector<float>& x) { return at::tensor(x).view({50, 1, 12}); };
  const Tensor best =
      nn::attention(tensor(in.q), tensor(in.k), tensor(in.v), at::tensor(std::vector<int>{0, 50}, at::kInt), 50, 0, Call());
  std::vector<float> plain = run(nn::baseline_kernels().f32, in, 0);
  plain.resize(600);
  CHECK(at::tensor(plain).sub(best.flatten()).abs().max().item<double>() < 1e-5);
}

TEST_CASE("kernels: all widths drop the same elements", "[nn][kernels]") {
  const std::vector<float> ones(1001, 1);
  std::vector<float> narrow(1001), wide(1001);
  nn::baseline_kernels().f32.dropout(ones.data(), narrow.data(), 1001, 99, 1U << 30, 2);
  nn::wide::kTable<float>.dropout(ones.data(), wide.data(), 1001, 99, 1U << 30, 2);
  CHECK(narrow == wide);
  for (std::uint32_t j = 0; j < 1001; ++j) CHECK((narrow[j] != 0) == (nn::mask_bits(99, j) >= 1U << 30));
}

namespace {

// Results and gradients of the row kernels, as float.
template <class S>
std::vector<float> run_rows(const nn::RowKernels<S>& kernels, std::int64_t rows, std::int64_t width) {
  using T = nn::Number<S>;
  const auto size = static_cast<std::size_t>(rows * width);
  std::mt19937 generator(5);
  std::normal_distribution<double> normal;
  const auto numbers = [&](auto type, std::size_t n) {
    std::vector<decltype(type)> list(n);
    for (auto& x : list) {
      if constexpr (std::is_same_v<decltype(type), nn::Brain>) {
        const auto value = static_cast<float>(normal(generator));
        std::uint32_t bits;
        std::memcpy(&bits, &value, 4);
        x.bits = static_cast<std::uint16_t>(bits >> 16);
      } else {
        x = static_cast<decltype(type)>(normal(generator));
      }
    }
    return list;
  };
  auto x = numbers(S{}, size);
  const auto residual = numbers(S{}, size), dy = numbers(S{}, size);
  const auto weight = numbers(T{}, width), bias = numbers(T{}, width), dloss = numbers(T{}, rows);
  std::vector<S> y(size), normed(size), dx(size), dresidual(size), z(size), dh(size), dscores(size);
  std::vector<T> rstd(rows), dweight(width), dbias(width), dgelu(width), sums(width), row(width), loss(rows), lse(rows);
  const nn::Mask mask{3, 0, 1, 1U << 30, 4.0 / 3};
  kernels.add_norm({x.data(), residual.data(), weight.data(), bias.data(), 0, rows, width, 1e-5, mask},
                   {y.data(), normed.data(), rstd.data()}, row.data());
  kernels.add_norm_backward({nullptr, nullptr, weight.data(), nullptr, 0, rows, width, 0, mask},
                            {dy.data(), normed.data(), rstd.data(), dx.data(), dresidual.data(), dweight.data(), dbias.data()},
                            row.data());
  std::vector<std::int64_t> targets(rows);
  for (std::int64_t i = 0; i < rows; ++i) targets[i] = i % 5 == 4 ? -100 : i % width;
  const nn::Scored<S> scored{x.data(), targets.data(), 0, rows, width, 0.1};
  kernels.cross_entropy(scored, loss.data(), lse.data());
  kernels.cross_entropy_backward(scored, lse.data(), dloss.data(), dscores.data());
  kernels.gelu(x.data(), bias.data(), z.data(), rows, width);
  kernels.gelu_backward(dy.data(), x.data(), dh.data(), dgelu.data(), rows, width);
  kernels.column_sums(dy.data(), sums.data(), rows, width);
  std::vector<float> all;
  const auto add = [&](const auto& list) {
    for (const auto& value : list) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, nn::Brain>) {
        const std::uint32_t bits = static_cast<std::uint32_t>(value.bits) << 16;
        float wide;
        std::memcpy(&wide, &bits, 4);
        all.push_back(wide);
      } else {
        all.push_back(static_cast<float>(value));
      }
    }
  };
  add(y), add(dx), add(dresidual), add(dweight), add(dbias), add(z), add(dh), add(dgelu), add(sums), add(loss), add(dscores);
  return all;
}

}  // namespace

TEST_CASE("kernels: vectors of 16 and of 64 bytes give the same rows", "[nn][kernels]") {
  const std::int64_t width = GENERATE(1, 5, 16, 384, 1001), rows = GENERATE(1, 20);
  CAPTURE(width, rows);
  const double tolerance = width == 1 ? 1e-3 : 2e-5;  // one element has no variance: 1 / deviation is about 300
  const auto narrow = run_rows(nn::baseline::kRows<float>, rows, width);
  CHECK(furthest(narrow, run_rows(nn::wide::kRows<float>, rows, width)) < tolerance);
  const auto same_rounded = [&](const std::vector<float>& a, const std::vector<float>& b) {  // sums round in another order
    for (std::size_t i = 0; i < a.size(); ++i)
      if (std::abs(a[i] - b[i]) > 0.02 * (1 + std::abs(a[i])) * (width == 1 ? 50 : 1)) return false;
    return true;
  };
  CHECK(same_rounded(run_rows(nn::baseline::kRows<nn::Brain>, rows, width), run_rows(nn::wide::kRows<nn::Brain>, rows, width)));
}
