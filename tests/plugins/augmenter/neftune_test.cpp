#include <cmath>

#include "hidden_case.hpp"

using namespace graft;

namespace {
std::shared_ptr<Augmenter> neftune(const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/neftune", R"({"column": "tokens")" + (more.empty() ? "" : ", " + more) + "}");
}
}  // namespace

TEST_CASE("neftune: the noise reaches alpha / sqrt(L D) and no further, by each row's own length", "[augmenter][neftune]") {
  // alpha 8, D = 64: 8 / sqrt(4 * 64) = 0.5 in rows of 4 tokens, 8 / sqrt(64) = 1 in the row of one.
  const auto step = neftune("\"alpha\": 8");
  Tensor most = at::zeros({9});
  for (std::uint64_t key = 0; key < 200; ++key)
    most = at::maximum(most, tap_of(*step, token_batch(), key)("embeddings", at::zeros({9, 64})).abs().amax(1));
  for (std::int64_t token = 0; token < 9; ++token) {
    const double bound = token == 4 ? 1 : 0.5, reached = most[token].item<double>();
    CHECK(reached <= bound);
    CHECK(reached > 0.999 * bound);
  }
}

TEST_CASE("neftune: the noise is that of the paper's formula on graft's generator", "[augmenter][neftune]") {
  const Tensor value = at::arange(9 * 8, at::kFloat).view({9, 8});
  Rng draws = Rng(11).fork(std::uint64_t{0});
  const Tensor lengths = at::tensor({4, 4, 4, 4, 1, 4, 4, 4, 4}, at::kFloat).unsqueeze(1);
  const Tensor noise = draws.uniform_like(value).mul(2).sub(1).mul(lengths.mul(8).rsqrt().mul(5));
  const Tensor expected = value.add(noise);
  CHECK(tap_of(*neftune(), token_batch(), 11)("embeddings", value).allclose(expected, 1e-6, 1e-6));
}

TEST_CASE("neftune: noise has mean 0 and the even distribution's deviation, and differs in each pass", "[augmenter][neftune]") {
  const Tap tap = tap_of(*neftune(), token_batch(), 3);
  const Tensor first = tap("embeddings", at::zeros({9, 2000})), second = tap("embeddings", at::zeros({9, 2000}));
  const double bound = 5 / std::sqrt(4 * 2000.0), deviation = bound / std::sqrt(3.0);
  CHECK(std::abs(first[0].mean().item<double>()) < 4 * deviation / std::sqrt(2000.0));
  CHECK(std::abs(first[0].std().item<double>() - deviation) < 0.05 * deviation);
  CHECK_FALSE(first.equal(second));
  CHECK(tap_of(*neftune("\"alpha\": 0"), token_batch(), 3)("embeddings", first).equal(first));
}

TEST_CASE("neftune: a prompt's tokens before each row are rows' tokens too", "[augmenter][neftune]") {
  const Tensor noisy = tap_of(*neftune("\"alpha\": 8"), token_batch(), 3)("embeddings", at::zeros({15, 64}));
  CHECK(noisy.slice(0, 0, 6).abs().max().item<double>() <= 0.5);
  CHECK(noisy.slice(0, 6, 9).abs().max().item<double>() > 0.5);  // the row of one token and two virtual ones
}

TEST_CASE("neftune: refusals name the rule and the value", "[augmenter][neftune]") {
  CHECK(message_of([] { neftune("\"alpha\": -1"); }).ends_with("[graft/neftune] alpha must be >= 0, got -1"));
  CHECK(message_of([] { neftune()->outputs({{"tokens", FieldKind::kText, {}, {}}}); }) ==
        "[graft/neftune] column tokens must be tokens, is text");
  CHECK(message_of([] { tap_of(*neftune(), token_batch(), 1)("embeddings", at::zeros({10, 4})); }) ==
        "[graft/neftune] the point has 10 tokens, the column 9: name the column that the model reads");
  CHECK(message_of([] {
          const auto step = neftune("\"point\": \"embedding\"");
          const Tap tap = tap_of(*step, token_batch(), 1);
          tap("embeddings", at::zeros({9, 4})), tap("features", at::zeros({3, 4}));
          tap_of(*step, token_batch(), 2);
        }) == "[graft/neftune] the model has no point embedding; it has embeddings, features");
}

TEST_CASE("neftune: keeps the contract of taps", "[augmenter][neftune]") {
  keeps_the_contract_of_taps(*neftune(), token_batch(), at::ones({9, 4}), "embeddings");
}
