#include "step_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/impute";
}

TEST_CASE("impute: a hole in 1, 2, 2, 7 becomes 3, 2, 2 or the constant", "[extractor][impute]") {
  const Tensor x = testing::numbers({1, 2, 2, 7, NAN});
  const auto filled = [&](const std::string& more) { return transformed(*fitted_step(kUse, x, more), x)[4][0].item<double>(); };
  CHECK(filled("") == 3);
  CHECK(filled(R"("strategy": "median")") == 2);
  CHECK(filled(R"("strategy": "most_frequent")") == 2);
  CHECK(filled(R"("strategy": "constant", "value": -1)") == -1);
}

TEST_CASE("impute: features and indicators are those of scikit-learn's SimpleImputer", "[extractor][impute]") {
  const Value expected = reference("table_steps");
  const Tensor holes = table_of(expected.at("holes"));
  for (const char* strategy : {"mean", "median", "most_frequent", "constant"}) {
    INFO(strategy);
    const auto step =
        fitted_step(kUse, holes, R"("value": 7.5, "indicator": true, "strategy": ")" + std::string(strategy) + "\"");
    const Tensor wanted = table_of(expected.at("impute").at(strategy)), made = transformed(*step, holes);
    REQUIRE(made.sizes() == wanted.sizes());
    CHECK(at::allclose(made, wanted, 1e-13, 1e-18));
  }
}

TEST_CASE("impute: changes no value that is there, and leaves none missing", "[extractor][impute]") {
  const Tensor holes = table_of(reference("table_steps").at("holes"));
  const Tensor made = transformed(*fitted_step(kUse, holes), holes);
  CHECK_FALSE(made.isnan().any().item<bool>());
  CHECK(at::where(holes.isnan(), 0.0, made).equal(holes.nan_to_num(0.0)));
}

TEST_CASE("impute: a feature that misses nothing in training has no indicator, and is filled all the same",
          "[extractor][impute]") {
  const auto step = fitted_step(kUse, testing::matrix({{1, NAN}, {3, 4}}), R"("indicator": true)");
  CHECK(transformed(*step, testing::matrix({{NAN, 5}})).equal(testing::matrix({{2, 5, 0}}).to(at::kDouble)));
}

TEST_CASE("impute: refusals name the rule and the value", "[extractor][impute]") {
  CHECK(message_of([] { fitted_step(kUse, testing::matrix({{1, NAN}, {2, NAN}})); }) ==
        "[graft/impute] feature 1 must have a value in the training rows, has none");
  CHECK(message_of([] { step_of(kUse)->outputs({{"x", FieldKind::kClass, {}, {"a"}}}); }) ==
        "[graft/impute] column x must be number, integer or vector, is class");
  CHECK(message_of([] { transformed(*fitted_step(kUse, testing::numbers({1})), testing::numbers({INFINITY})); }) ==
        "[graft/impute] column x must be finite, is infinite");
  CHECK(message_of([] { step_of(kUse, R"("strategy": "modus")"); }).find("[graft/impute] strategy must be") != std::string::npos);
}

TEST_CASE("impute: keeps the contract of steps", "[extractor][impute]") {
  check_contract(kUse, table_of(reference("table_steps").at("holes")), R"("indicator": true)");
}
