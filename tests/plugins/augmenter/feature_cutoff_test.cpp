#include <cmath>

#include "hidden_case.hpp"

using namespace graft;

namespace {
std::shared_ptr<Augmenter> cutoff(const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/feature_cutoff", R"({"column": "tokens")" + (more.empty() ? "" : ", " + more) + "}");
}
}  // namespace

TEST_CASE("feature_cutoff: each row loses its share of dimensions, the same for all its tokens", "[augmenter][feature_cutoff]") {
  // floor(0.3 * 10) = 3 dimensions of each row.
  const Tensor cut = tap_of(*cutoff("\"share\": 0.3"), token_batch(), 5)("embeddings", at::ones({9, 10}));
  CHECK(cut.sum(1).eq(7).all().item<bool>());
  CHECK(cut.slice(0, 0, 4).eq(cut[0]).all().item<bool>());
  CHECK(cut.slice(0, 5, 9).eq(cut[5]).all().item<bool>());
}

TEST_CASE("feature_cutoff: the dimensions are those of selection sampling on graft's generator", "[augmenter][feature_cutoff]") {
  const Tensor cut = tap_of(*cutoff("\"share\": 0.5"), token_batch(), 5)("embeddings", at::ones({9, 6}));
  const std::vector<std::int64_t> first_tokens = {0, 4, 5};
  for (std::int64_t row = 0; row < 3; ++row) {
    Rng draws = Rng(5).row(row);
    std::int64_t left = 3;
    for (std::int64_t d = 0; d < 6; ++d) {
      const bool goes = draws.below(6 - d) < left;
      left -= goes;
      CHECK((cut[first_tokens[static_cast<std::size_t>(row)]][d].item<double>() == 0) == goes);
    }
  }
}

TEST_CASE("feature_cutoff: each dimension goes equally often; a share of 0 cuts nothing, of 1 all",
          "[augmenter][feature_cutoff]") {
  Tensor times = at::zeros({8});
  for (std::uint64_t key = 0; key < 1000; ++key)
    times += tap_of(*cutoff("\"share\": 0.25"), token_batch(), key)("embeddings", at::ones({9, 8}))[4].eq(0).to(at::kFloat);
  for (std::int64_t d = 0; d < 8; ++d) CHECK(std::abs(times[d].item<double>() - 250) < 4.5 * std::sqrt(1000 * 0.25 * 0.75));
  const Tensor value = at::ones({9, 8});
  CHECK(tap_of(*cutoff("\"share\": 0"), token_batch(), 1)("embeddings", value).equal(value));
  CHECK(tap_of(*cutoff("\"share\": 1"), token_batch(), 1)("embeddings", value).sum().item<double>() == 0);
}

TEST_CASE("feature_cutoff: refusals name the rule and the value", "[augmenter][feature_cutoff]") {
  CHECK(message_of([] { cutoff("\"share\": 1.5"); }).ends_with("[graft/feature_cutoff] share must be <= 1, got 1.5"));
  CHECK(message_of([] { cutoff()->outputs({{"tokens", FieldKind::kText, {}, {}}}); }) ==
        "[graft/feature_cutoff] column tokens must be tokens, is text");
  CHECK(message_of([] { tap_of(*cutoff(), token_batch(), 1)("embeddings", at::zeros({8, 4})); }) ==
        "[graft/feature_cutoff] the point has 8 tokens, the column 9: name the column that the model reads");
}

TEST_CASE("feature_cutoff: keeps the contract of taps", "[augmenter][feature_cutoff]") {
  keeps_the_contract_of_taps(*cutoff("\"share\": 0.5"), token_batch(), at::ones({9, 40}), "embeddings");
}
