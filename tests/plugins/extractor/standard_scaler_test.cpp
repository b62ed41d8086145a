#include <ATen/ATen.h>

#include <cmath>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> scaler(const std::string& parameters) {
  return extractors().make<Extractor>("graft/standard_scaler", parameters, "features");
}
std::shared_ptr<Extractor> scaler() { return scaler(R"({"columns": ["x"]})"); }

testing::Rows rows(const Tensor& x) {
  const bool is_vector = x.dim() == 2;
  return {{{"x",
            is_vector ? FieldKind::kVector : FieldKind::kNumber,
            is_vector ? std::vector<std::int64_t>{x.size(1)} : std::vector<std::int64_t>{},
            {}}},
          testing::batch({{"x", x}})};
}

Tensor scaled(const Extractor& extractor, const Tensor& x) {
  Batch batch = testing::batch({{"x", x}});
  extractor.transform(batch);
  return batch.tensor("features");
}

Tensor table_of(const Value& list) {
  std::vector<Tensor> table;
  for (const Value& row : list.list()) table.push_back(at::tensor(numbers_of(row), at::kDouble));
  return at::stack(table);
}

const double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("standard_scaler: 1, 2, 3 become -1.2247, 0, 1.2247 and a constant becomes 0", "[extractor][standard_scaler]") {
  const auto step = scaler(R"({"columns": ["x", "n"]})");
  const Batch training = testing::batch({{"x", testing::numbers({1, 2, 3})}, {"n", testing::integers({7, 7, 7})}});
  step->fit(testing::Rows({{"x", FieldKind::kNumber, {}, {}}, {"n", FieldKind::kInteger, {}, {}}}, training));
  Batch batch = training;
  step->transform(batch);
  const double root = std::sqrt(1.5);
  REQUIRE(
      at::allclose(batch.tensor("features"), testing::matrix({{-1, 0}, {0, 0}, {1, 0}}).to(at::kDouble) * root, 1e-15, 1e-15));
}

TEST_CASE("standard_scaler: features are those of scikit-learn's StandardScaler", "[extractor][standard_scaler]") {
  const Value expected = reference("standard_scaler");
  const Tensor table = table_of(expected.at("table")), wanted = table_of(expected.at("scaled"));
  const auto step = scaler(R"({"columns": ["x"], "missing": "mean"})");
  step->fit(rows(table));
  const Tensor difference = (scaled(*step, table) - wanted).abs().nan_to_num(0.0);
  for (std::int64_t feature = 0; feature < table.size(1); ++feature)
    CHECK(difference.select(1, feature).max().item<double>() < (feature == 3 ? 1e-9 : 1e-12));
  const State state = step->state();
  REQUIRE(at::allclose(state.tensors.at("mean"), at::tensor(numbers_of(expected.at("mean")), at::kDouble), 1e-12, 1e-14));
  REQUIRE(at::allclose(state.tensors.at("scale"), at::tensor(numbers_of(expected.at("scale")), at::kDouble), 1e-12, 0));
}

TEST_CASE("standard_scaler: shifting and stretching a feature changes nothing", "[extractor][standard_scaler]") {
  const Tensor table = table_of(reference("standard_scaler").at("table")).select(1, 0).contiguous();
  const auto plain = scaler(), changed = scaler();
  plain->fit(rows(table));
  changed->fit(rows(table * 40 - 5));
  REQUIRE(at::allclose(scaled(*plain, table), scaled(*changed, table * 40 - 5), 0, 1e-12));
  REQUIRE(std::abs(scaled(*plain, table).mean().item<double>()) < 1e-12);
  REQUIRE(std::abs(scaled(*plain, table).var(false).item<double>() - 1) < 1e-12);
}

TEST_CASE("standard_scaler: a missing value becomes the mean only where the config says so", "[extractor][standard_scaler]") {
  const auto strict = scaler(), lenient = scaler(R"({"columns": "x", "missing": "mean"})");
  for (const auto& step : {strict, lenient}) step->fit(rows(testing::numbers({1, kNan, 3})));
  REQUIRE(scaled(*lenient, testing::numbers({kNan, 3})).equal(at::tensor({0.0, 1.0}, at::kDouble).unsqueeze(1)));
  REQUIRE(message_of([&] { scaled(*strict, testing::numbers({kNan})); }) ==
          "[graft/standard_scaler] column x must be finite, is missing (missing: \"mean\" reads it as the mean)");
}

TEST_CASE("standard_scaler: refusals name the rule and the value", "[extractor][standard_scaler]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(message_of([&] { scaler()->fit(rows(testing::numbers({1, infinity}))); }) ==
        "[graft/standard_scaler] column x must be finite, is infinite");
  CHECK(message_of([] { scaler()->fit(rows(testing::numbers({kNan}))); }) ==
        "[graft/standard_scaler] feature 0 must have a value in the training rows, has none");
  CHECK(message_of([] { scaled(*scaler(), testing::numbers({1})); }) ==
        "[graft/standard_scaler] transform needs mean and scale: call fit or restore first");
  CHECK(message_of([] { scaler()->outputs({{"x", FieldKind::kText, {}, {}}}); }) ==
        "[graft/standard_scaler] column x must be number, integer or vector, is text");
  CHECK(message_of([] { scaler(R"({"columns": []})"); }) ==
        "[graft/standard_scaler] columns must name at least one column, names none");
  const auto fitted = scaler();
  fitted->fit(rows(testing::matrix({{1, 2}, {3, 4}})));
  CHECK(message_of([&] { scaled(*fitted, testing::matrix({{1, 2, 3}})); }) ==
        "[graft/standard_scaler] 2 features expected, got 3");
  CHECK(message_of([&] { scaled(*fitted, testing::matrix({{1, infinity}})); }) ==
        "[graft/standard_scaler] column x[1] must be finite, is infinite");
}

TEST_CASE("standard_scaler: the width is said before fit, state restores it, four threads agree",
          "[extractor][standard_scaler]") {
  const Tensor table = testing::matrix({{1, 2}, {3, 5}, {6, 6}});
  const auto fitted = scaler(), restored = scaler();
  REQUIRE((fitted->outputs(rows(table).schema()).back() == Field{"features", FieldKind::kVector, {2}, {}}));
  fitted->fit(rows(table));
  restored->restore(fitted->state());
  const Tensor expected = scaled(*fitted, table);
  REQUIRE(expected.scalar_type() == at::kDouble);
  REQUIRE(expected.isfinite().all().item<bool>());
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"x", table}})))
    REQUIRE(mine.tensor("features").equal(expected));
  REQUIRE((restored->outputs(rows(table).schema()).back() == Field{"features", FieldKind::kVector, {2}, {}}));
}
