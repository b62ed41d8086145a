#include "step_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/polynomial";
}

TEST_CASE("polynomial: 2, 3 become 2, 3, 4, 6, 9, and without squares 2, 3, 6", "[extractor][polynomial]") {
  const Tensor x = testing::matrix({{2, 3}});
  CHECK(transformed(*step_of(kUse), x).equal(testing::matrix({{2, 3, 4, 6, 9}}).to(at::kDouble)));
  CHECK(transformed(*step_of(kUse, R"("interaction_only": true)"), x).equal(testing::matrix({{2, 3, 6}}).to(at::kDouble)));
  CHECK(transformed(*step_of(kUse, R"("degree": 3, "interaction_only": true)"), x)
            .equal(testing::matrix({{2, 3, 6}}).to(at::kDouble)));
}

TEST_CASE("polynomial: features are those of scikit-learn's PolynomialFeatures, in its order", "[extractor][polynomial]") {
  const Value expected = reference("table_steps");
  const Tensor x = table_of(expected.at("mixed")).narrow(0, 0, 10).narrow(1, 0, 4);
  for (const Value::Member& made : expected.at("polynomial").object()) {
    INFO(made.key);
    const std::string more =
        "\"degree\": " + made.key.substr(0, 1) + ", \"interaction_only\": " + (made.key.ends_with("i") ? "true" : "false");
    const auto step = step_of(kUse, more);
    const Tensor ours = transformed(*step, x);
    CHECK(largest_difference(ours, table_of(made.value)) < 1e-12);
    CHECK(step->outputs(rows_of(x).schema()).back().shape == std::vector<std::int64_t>{ours.size(1)});
  }
}

TEST_CASE("polynomial: the features of twice x have twice to the power of their degree", "[extractor][polynomial]") {
  const Tensor x = table_of(reference("table_steps").at("mixed"));
  const auto step = step_of(kUse, R"("degree": 3)");
  const Tensor ratio = transformed(*step, x * 2).div(transformed(*step, x));  // 5 features, 15 products of two, 35 of three
  CHECK(at::allclose(ratio.narrow(1, 0, 5), at::full({60, 5}, 2.0, at::kDouble)));
  CHECK(at::allclose(ratio.narrow(1, 5, 15), at::full({60, 15}, 4.0, at::kDouble)));
  CHECK(at::allclose(ratio.narrow(1, 20, 35), at::full({60, 35}, 8.0, at::kDouble)));
}

TEST_CASE("polynomial: a missing number is missing in its products alone", "[extractor][polynomial]") {
  CHECK(transformed(*step_of(kUse), testing::matrix({{2, NAN}})).isnan().equal(testing::matrix({{0, 1, 0, 1, 1}}).to(at::kBool)));
}

TEST_CASE("polynomial: refusals name the rule and the value", "[extractor][polynomial]") {
  CHECK(message_of([] { step_of(kUse, R"("degree": 4)")->outputs({{"x", FieldKind::kVector, {100}, {}}}); }) ==
        "[graft/polynomial] degree 4 of 100 features must make at most 1000000, makes more: lower the degree, or put a step pca "
        "before it");
  CHECK(message_of([] { step_of(kUse)->outputs({{"x", FieldKind::kText, {}, {}}}); }) ==
        "[graft/polynomial] column x must be number, integer or vector, is text");
  CHECK(message_of([] { transformed(*step_of(kUse), testing::matrix({{1, INFINITY}})); }) ==
        "[graft/polynomial] column x[1] must be finite, is infinite");
}

TEST_CASE("polynomial: needs no fit, has no state, four threads agree", "[extractor][polynomial]") {
  const Tensor x = table_of(reference("table_steps").at("mixed"));
  const auto step = step_of(kUse);
  const Tensor expected = transformed(*step, x);
  CHECK(step->state().empty());
  CHECK((step->outputs(rows_of(x).schema()).back() == Field{"made", FieldKind::kVector, {20}, {}}));
  CHECK((step->outputs({{"x", FieldKind::kVector, {-1}, {}}}).back() == Field{"made", FieldKind::kVector, {-1}, {}}));
  for (const Batch& mine : on_four_threads(*step, testing::batch({{"x", x}}))) CHECK(mine.tensor("made").equal(expected));
}
