#include "step_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/min_max_scaler";
}

TEST_CASE("min_max_scaler: 2, 4, 6 become 0, a half and 1, and a constant the lower end", "[extractor][min_max_scaler]") {
  const Tensor x = testing::matrix({{2, 7}, {4, 7}, {6, 7}});
  CHECK(transformed(*fitted_step(kUse, x), x).equal(testing::matrix({{0, 0}, {0.5, 0}, {1, 0}}).to(at::kDouble)));
  CHECK(transformed(*fitted_step(kUse, x, R"("range": [-1, 1])"), x).select(1, 1).equal(testing::numbers({-1, -1, -1})));
}

TEST_CASE("min_max_scaler: features are those of scikit-learn's MinMaxScaler", "[extractor][min_max_scaler]") {
  const Value expected = reference("table_steps");
  const Tensor holes = table_of(expected.at("holes"));
  CHECK(largest_difference(transformed(*fitted_step(kUse, holes), holes), table_of(expected.at("min_max"))) < 1e-12);
  const auto clipped = fitted_step(kUse, holes.narrow(0, 0, 30).contiguous(), R"("range": [-2, 3], "clip": true)");
  CHECK(largest_difference(transformed(*clipped, holes), table_of(expected.at("min_max_range"))) < 1e-12);
}

TEST_CASE("min_max_scaler: training rows fill the range, others leave it unless clipped", "[extractor][min_max_scaler]") {
  const Tensor x = table_of(reference("table_steps").at("mixed"));
  const Tensor scaled = transformed(*fitted_step(kUse, x), x);
  CHECK(at::allclose(scaled.amin(0), at::zeros({x.size(1)}, at::kDouble), 0, 1e-15));
  CHECK(at::allclose(scaled.amax(0), at::ones({x.size(1)}, at::kDouble), 0, 1e-15));
  CHECK(transformed(*fitted_step(kUse, x), x * 100).max().item<double>() > 2);
  CHECK(transformed(*fitted_step(kUse, x, R"("clip": true)"), x * 100).max().item<double>() == 1);
}

TEST_CASE("min_max_scaler: refusals name the rule and the value", "[extractor][min_max_scaler]") {
  CHECK(message_of([] { step_of(kUse, R"("range": [1, 1])"); }) ==
        "[graft/min_max_scaler] range must be [low, high] with low < high, got [1, 1]");
  CHECK(message_of([] { fitted_step(kUse, testing::matrix({{1, INFINITY}})); }) ==
        "[graft/min_max_scaler] column x[1] must be finite, is infinite");
  CHECK(message_of([] { fitted_step(kUse, testing::numbers({NAN})); }) ==
        "[graft/min_max_scaler] feature 0 must have a value in the training rows, has none");
  CHECK(message_of([] { step_of(kUse)->outputs({{"x", FieldKind::kText, {}, {}}}); }) ==
        "[graft/min_max_scaler] column x must be number, integer or vector, is text");
  CHECK(message_of([] { transformed(*fitted_step(kUse, testing::matrix({{1, 2}})), testing::numbers({1})); }) ==
        "[graft/min_max_scaler] 2 features expected, got 1");
}

TEST_CASE("min_max_scaler: keeps the contract of steps", "[extractor][min_max_scaler]") {
  check_contract(kUse, table_of(reference("table_steps").at("holes")));
}
