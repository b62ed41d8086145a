#include "table_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/swap_noise";
}

TEST_CASE("swap_noise: with probability 0 nothing changes, with 1 and one row to take from all become it",
          "[augmenter][swap_noise]") {
  const Batch rows = table(testing::matrix({{1, 5}, {3, 6}}));
  CHECK(augmented(*fitted(kUse, rows, "\"x\"", R"("probability": 0)"), rows, 1).tensor("x").equal(rows.tensor("x")));
  const auto step = fitted(kUse, rows, "\"x\"", R"("probability": 1, "pool": 1)");
  CHECK(augmented(*step, rows, 1).tensor("x").equal(testing::matrix({{1, 5}, {1, 5}})));
}

TEST_CASE("swap_noise: the values are those of the generator written again in Python", "[augmenter][swap_noise]") {
  const Value expected = read_json(GRAFT_TEST_DATA "/table_noise_reference.json");
  const Batch rows = testing::batch({{"x", table_of(expected.at("x"))}, {"label", integers_of(expected.at("labels"))}});
  const auto step = fitted(kUse, rows, R"(["x", "label"])", "\"probability\": " + to_json(expected.at("probability")));
  const Batch made = augmented(*step, rows, static_cast<std::uint64_t>(expected.at("key").integer()));
  CHECK(largest_difference(made.tensor("x"), table_of(expected.at("swapped"))) == 0);
  CHECK(made.tensor("label").equal(integers_of(expected.at("swapped_labels"))));
}

TEST_CASE("swap_noise: about the asked share changes, to values that the feature has, and keeps its distribution",
          "[augmenter][swap_noise]") {
  const Tensor x = at::stack({at::arange(20000, at::kDouble), at::arange(20000, at::kDouble).neg().sub(1)}, 1);
  const Tensor made =
      augmented(*fitted(kUse, table(x), "\"x\"", R"("probability": 0.3, "pool": 20000)"), table(x), 3).tensor("x");
  CHECK(made.select(1, 0).ge(0).all().item<bool>());
  CHECK(made.select(1, 1).lt(0).all().item<bool>());
  const double share = made.ne(x).to(at::kDouble).mean().item<double>();
  CHECK(std::abs(share - 0.3) < 4 * std::sqrt(0.3 * 0.7 / 40000));
  CHECK(at::allclose(made.mean(0), x.mean(0), 0.02));
}

TEST_CASE("swap_noise: rows to take from are evenly spread over the training rows", "[augmenter][swap_noise]") {
  const Batch rows = table(at::arange(10, at::kDouble).view({10, 1}));
  CHECK(fitted(kUse, rows, "\"x\"", R"("pool": 3)")->state().tensors.at("x").equal(testing::numbers({0, 3, 6}).unsqueeze(1)));
}

TEST_CASE("swap_noise: refusals name the rule and the value", "[augmenter][swap_noise]") {
  const Batch rows = table(testing::matrix({{1}, {2}}));
  CHECK(message_of([&] {
          augmenters().make<Augmenter>(kUse, R"({"columns": "t"})")->outputs({{"t", FieldKind::kText, {}, {}}});
        }) == "[graft/swap_noise] column t must be number, integer, class or vector, is text");
  CHECK(message_of([&] {
          fitted(kUse, rows, "\"x\"", R"("probability": 1.5)");
        }).ends_with("[graft/swap_noise] probability must be <= 1, got 1.5"));
}

TEST_CASE("swap_noise: keeps the contract of augmenters of tables", "[augmenter][swap_noise]") {
  check_contract(kUse, R"("probability": 0.5)");
}
