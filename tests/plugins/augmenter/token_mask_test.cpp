#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "augmenter_case.hpp"
#include "catch.hpp"

using namespace graft;

namespace {

std::shared_ptr<Augmenter> token_mask(const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/token_mask",
                                      R"({"column": "tokens", "mask_id": 103)" + (more.empty() ? "" : ", " + more) + "}");
}

std::vector<std::int64_t> ids(const Batch& batch) {
  const Tensor& values = batch.ragged("tokens").values;
  return {values.const_data_ptr<std::int64_t>(), values.const_data_ptr<std::int64_t>() + values.numel()};
}

Batch long_row(std::int64_t length) {
  return testing::batch({{"tokens", ragged_of(at::arange(1000, 1000 + length, at::kLong), std::vector<std::int64_t>{length})}});
}

}  // namespace

TEST_CASE("token_mask: with probability 1 all but the ends are masked, with 0 none", "[augmenter][token_mask]") {
  const Batch batch = testing::batch({{"tokens", testing::tokens({{101, 5, 6, 102}, {101, 102}, {}, {9}})}});
  REQUIRE(ids(augmented(*token_mask(R"("probability": 1)"), batch, 7)) ==
          std::vector<std::int64_t>{101, 103, 103, 102, 101, 102, 9});
  REQUIRE(ids(augmented(*token_mask(R"("probability": 1, "keep_ends": false)"), batch, 7)) == std::vector<std::int64_t>(7, 103));
  REQUIRE(ids(augmented(*token_mask(R"("probability": 0)"), batch, 7)) == ids(batch));
}

TEST_CASE("token_mask: the masked tokens are those of the generator written again in Python", "[augmenter][token_mask]") {
  const Value expected = read_json(GRAFT_TEST_DATA "/token_mask_reference.json");
  std::vector<std::int64_t> before, after, lengths;
  for (const Value& row : expected.at("rows").list()) {
    for (const Value& id : row.at("ids").list()) before.push_back(id.integer());
    for (const Value& id : row.at("masked").list()) after.push_back(id.integer());
    lengths.push_back(static_cast<std::int64_t>(row.at("ids").list().size()));
  }
  const Batch batch = testing::batch({{"tokens", ragged_of(at::tensor(before, at::kLong), lengths)}});
  const auto step = token_mask("\"probability\": " + to_json(expected.at("probability")));
  REQUIRE(ids(augmented(*step, batch, static_cast<std::uint64_t>(expected.at("key").integer()))) == after);
}

TEST_CASE("token_mask: about the asked share is masked, and a higher probability masks a superset", "[augmenter][token_mask]") {
  const Batch batch = long_row(20000);
  std::vector<std::int64_t> before = ids(batch);
  for (const double probability : {0.05, 0.15, 0.5}) {
    const auto now = ids(augmented(*token_mask("\"probability\": " + to_json(Value(probability))), batch, 3));
    const auto masked = static_cast<double>(std::count(now.begin(), now.end(), 103));
    REQUIRE(std::abs(masked - probability * 20000) < 4 * std::sqrt(20000 * probability * (1 - probability)));
    for (std::size_t i = 0; i < now.size(); ++i) REQUIRE((before[i] != 103 || now[i] == 103));
    before = now;
  }
}

TEST_CASE("token_mask: refusals name the rule and the value", "[augmenter][token_mask]") {
  CHECK(
      message_of([] { token_mask(R"("probability": 1.5)"); }).ends_with("[graft/token_mask] probability must be <= 1, got 1.5"));
  CHECK(message_of([] { token_mask()->outputs({{"tokens", FieldKind::kText, {}, {}}}); }) ==
        "[graft/token_mask] column tokens must be tokens, is text");
}

TEST_CASE("token_mask: a row's fate hangs on its id and the key alone, and the given batch stays", "[augmenter][token_mask]") {
  const auto step = token_mask(R"("probability": 0.5)");
  const Batch batch =
      testing::batch({{"tokens", testing::tokens({{1, 2, 3, 4, 5, 6}, {11, 12, 13, 14, 15, 16}, {21, 22, 23, 24, 25, 26}})}});
  const auto before = ids(batch), expected = ids(augmented(*step, batch, 1));
  REQUIRE(ids(batch) == before);
  REQUIRE(expected != ids(augmented(*step, batch, 2)));
  for (const Batch& mine : augmented_on_four_threads(*step, batch, 1)) REQUIRE(ids(mine) == expected);
  const Batch reversed = augmented(*step, batch.select(std::vector<std::int64_t>{2, 1, 0}), 1);
  REQUIRE(ids(reversed.select(std::vector<std::int64_t>{2, 1, 0})) == expected);
  REQUIRE(step->scope() == Augmenter::Scope::kRow);
}
