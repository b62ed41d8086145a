// The kernels for vectors of 16 and of 64 bytes, built here in plain instructions: what other machines run is tested on this one.
#include <torch/types.h>

#include <random>
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
std::vector<T> run(const nn::Kernels<T>& kernels, const Inputs<T>& in, double p) {
  const std::int64_t asked = in.queries * in.width, all = in.tokens * in.width, d = in.width;
  std::vector<T> results(static_cast<std::size_t>(2 * asked + 2 * all + in.queries));
  std::vector<T> workspace(static_cast<std::size_t>(kernels.workspace(in.tokens, d)));
  T *out = results.data(), *lse = out + asked, *dq = lse + in.queries, *dk = dq + asked, *dv = dk + all;
  const nn::Mask mask{7, 0, 1, static_cast<std::uint32_t>(p * 4294967296.0), 1 / (1 - p)};
  const nn::AttentionHead<T> head{in.q.data(), in.k.data(), in.v.data(), d, d,
                                  d,           in.tokens,   in.queries,  d, static_cast<T>(1 / std::sqrt(static_cast<double>(d))),
                                  mask};
  kernels.attention(head, out, d, lse, 1, workspace.data());
  kernels.attention_backward(head, {out, in.dout.data(), d, d, lse, 1, dq, dk, dv, d}, workspace.data());
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
  CAPTURE(width, tokens, queries, p);
  const Inputs<float> single(tokens, queries == 0 ? tokens : queries, width);
  CHECK(furthest(run(nn::baseline_kernels().f32, single, p), run(nn::wide::kTable<float>, single, p)) < 1e-5);
  const Inputs<double> twice(tokens, queries == 0 ? tokens : queries, width);
  CHECK(furthest(run(nn::baseline_kernels().f64, twice, p), run(nn::wide::kTable<double>, twice, p)) < 1e-13);
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
