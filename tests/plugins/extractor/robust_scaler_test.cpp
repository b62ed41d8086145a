#include "step_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/robust_scaler";
}

TEST_CASE("robust_scaler: of 1 to 5 and a wild value the median is 3.5 and the quartiles are 2.5 apart",
          "[extractor][robust_scaler]") {
  const Tensor x = testing::numbers({1, 2, 3, 4, 5, 1000});
  const Tensor scaled = transformed(*fitted_step(kUse, x), x).squeeze(1);
  CHECK(at::allclose(scaled, (x - 3.5) / 2.5, 1e-15, 0));
}

TEST_CASE("robust_scaler: features are those of scikit-learn's RobustScaler", "[extractor][robust_scaler]") {
  const Value expected = reference("table_steps");
  const Tensor holes = table_of(expected.at("holes"));
  CHECK(largest_difference(transformed(*fitted_step(kUse, holes), holes), table_of(expected.at("robust"))) < 1e-12);
  const auto wide = fitted_step(kUse, holes, R"("quantile_range": [10, 80])");
  CHECK(largest_difference(transformed(*wide, holes), table_of(expected.at("robust_range"))) < 1e-12);
}

TEST_CASE("robust_scaler: an outlier changes nothing for the others", "[extractor][robust_scaler]") {
  const Tensor x = testing::numbers({1, 2, 3, 4, 5, 6}), wild = testing::numbers({1, 2, 3, 4, 5, 1e9});
  CHECK(transformed(*fitted_step(kUse, x), x).narrow(0, 0, 5).equal(transformed(*fitted_step(kUse, wild), wild).narrow(0, 0, 5)));
}

TEST_CASE("robust_scaler: refusals name the rule and the value", "[extractor][robust_scaler]") {
  CHECK(message_of([] { step_of(kUse, R"("quantile_range": [80, 20])"); }) ==
        "[graft/robust_scaler] quantile_range must be [low, high] with 0 <= low <= high <= 100, got [80, 20]");
  CHECK(message_of([] { fitted_step(kUse, testing::numbers({1, INFINITY})); }) ==
        "[graft/robust_scaler] column x must be finite, is infinite");
}

TEST_CASE("robust_scaler: keeps the contract of steps", "[extractor][robust_scaler]") {
  check_contract(kUse, table_of(reference("table_steps").at("holes")));
}
