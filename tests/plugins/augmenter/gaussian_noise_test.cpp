#include "table_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/gaussian_noise";
}

TEST_CASE("gaussian_noise: without deviation, and for a feature that never varies, nothing changes",
          "[augmenter][gaussian_noise]") {
  const Batch rows = table(testing::matrix({{1, 5}, {3, 5}}).to(at::kDouble));
  CHECK(augmented(*fitted(kUse, rows, "\"x\"", R"("deviation": 0)"), rows, 1).tensor("x").equal(rows.tensor("x")));
  const Tensor noisy = augmented(*fitted(kUse, rows, "\"x\""), rows, 1).tensor("x");
  CHECK(noisy.select(1, 1).equal(testing::numbers({5, 5})));
  CHECK(noisy.select(1, 0).ne(testing::numbers({1, 3})).all().item<bool>());
}

TEST_CASE("gaussian_noise: the noise is that of the generator written again in Python", "[augmenter][gaussian_noise]") {
  const Value expected = read_json(GRAFT_TEST_DATA "/table_noise_reference.json");
  const Batch rows = table(table_of(expected.at("x")));
  const auto step = fitted(kUse, rows, "\"x\"", "\"deviation\": " + to_json(expected.at("deviation")));
  const Tensor noisy = augmented(*step, rows, static_cast<std::uint64_t>(expected.at("key").integer())).tensor("x");
  CHECK(largest_difference(noisy, table_of(expected.at("noisy"))) < 1e-12 * 500);  // of values up to some hundreds
}

TEST_CASE("gaussian_noise: has the mean 0 and the deviation asked for, in the feature's own or in its unit",
          "[augmenter][gaussian_noise]") {
  const Tensor x = at::stack({at::linspace(-1, 1, 20000, at::kDouble), at::linspace(0, 1000, 20000, at::kDouble)}, 1);
  const bool is_relative = GENERATE(true, false);
  const auto step =
      fitted(kUse, table(x), "\"x\"", is_relative ? R"("deviation": 0.2)" : R"("deviation": 0.2, "relative": false)");
  const Tensor noise = augmented(*step, table(x), 3).tensor("x").sub(x);
  const Tensor wanted = is_relative ? x.std(0, false).mul(0.2) : at::full({2}, 0.2, at::kDouble);
  CHECK(at::allclose(noise.std(0, false), wanted, 0.02));
  CHECK(noise.mean(0).abs().lt(wanted.mul(4 / std::sqrt(20000.0))).all().item<bool>());
}

TEST_CASE("gaussian_noise: float stays float, a missing number stays missing", "[augmenter][gaussian_noise]") {
  const Batch rows = table(testing::matrix({{1, NAN}, {2, 3}, {4, 9}}));
  const Tensor noisy = augmented(*fitted(kUse, rows, "\"x\""), rows, 1).tensor("x");
  CHECK(noisy.scalar_type() == at::kFloat);
  CHECK(noisy.isnan().equal(rows.tensor("x").isnan()));
}

TEST_CASE("gaussian_noise: refusals name the rule and the value", "[augmenter][gaussian_noise]") {
  const Batch rows = table(testing::matrix({{1}, {2}}));
  CHECK(message_of([&] { fitted(kUse, rows, "\"label\""); }) ==
        "[graft/gaussian_noise] column label must be number or vector, is class");
  CHECK(message_of([&] {
          fitted(kUse, rows, "\"x\"", R"("deviation": -1)");
        }).ends_with("[graft/gaussian_noise] deviation must be >= 0, got -1"));
}

TEST_CASE("gaussian_noise: keeps the contract of augmenters of tables", "[augmenter][gaussian_noise]") { check_contract(kUse); }
