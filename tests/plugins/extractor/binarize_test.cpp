#include <ATen/ATen.h>

#include <limits>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> binarize(const std::string& more = "") {
  return extractors().make<Extractor>("graft/binarize", R"({"column": "rating")" + (more.empty() ? "" : ", " + more) + "}",
                                      "label");
}

Tensor labels(const Extractor& extractor, const Tensor& ratings) {
  Batch batch = testing::batch({{"rating", ratings}});
  extractor.transform(batch);
  return batch.tensor("label");
}

}  // namespace

TEST_CASE("binarize: a value over the threshold is class 1, one at it is class 0, a missing one is missing",
          "[extractor][binarize]") {
  const auto step = binarize(R"("threshold": 1.5)");
  const double missing = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(labels(*step, testing::numbers({1.5, 1.6, -3, missing})).equal(testing::integers({0, 1, 0, kMissingClass})));
  REQUIRE(labels(*step, testing::integers({1, 2})).equal(testing::integers({0, 1})));
}

TEST_CASE("binarize: classes are those of scikit-learn's Binarizer", "[extractor][binarize]") {
  const Value expected = reference("binarize");
  const Tensor values = at::tensor(numbers_of(expected.at("values")), at::kDouble);
  for (const Value& one : expected.at("cases").list()) {
    const auto step = binarize("\"threshold\": " + to_json(one.at("threshold")));
    REQUIRE(labels(*step, values).equal(at::tensor(integers_of(one.at("classes")), at::kLong)));
  }
}

TEST_CASE("binarize: a higher threshold never turns a 0 into a 1", "[extractor][binarize]") {
  const Tensor values = at::tensor(numbers_of(reference("binarize").at("values")), at::kDouble);
  Tensor before = labels(*binarize(R"("threshold": -5)"), values);
  for (int threshold = -4; threshold < 5; ++threshold) {
    const Tensor after = labels(*binarize("\"threshold\": " + std::to_string(threshold)), values);
    REQUIRE((after <= before).all().item<bool>());
    before = after;
  }
}

TEST_CASE("binarize: refusals name the rule and the value", "[extractor][binarize]") {
  CHECK(message_of([] { binarize(R"("classes": ["a", "a"])"); }) ==
        "[graft/binarize] classes must be two different names, both are a");
  CHECK(message_of([] { binarize()->outputs({{"rating", FieldKind::kText, {}, {}}}); }) ==
        "[graft/binarize] column rating must be number or integer, is text");
  CHECK(message_of([] { binarize()->outputs({{"ratings", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/binarize] there is no column rating, did you mean ratings? (columns: ratings)");
}

TEST_CASE("binarize: what it makes is what outputs() says, equal on four threads, and its input stays", "[extractor][binarize]") {
  const auto step = binarize(R"("classes": ["negative", "positive"])");
  const Field field = step->outputs({{"rating", FieldKind::kNumber, {}, {}}}).back();
  REQUIRE((field == Field{"label", FieldKind::kClass, {}, {"negative", "positive"}}));
  const Batch batch = testing::batch({{"rating", testing::numbers({1, -1, 0})}});
  for (const Batch& mine : on_four_threads(*step, batch)) {
    REQUIRE(mine.tensor("label").scalar_type() == at::kLong);
    REQUIRE(mine.tensor("label").equal(testing::integers({1, 0, 0})));
    REQUIRE(mine.tensor("rating").equal(testing::numbers({1, -1, 0})));
  }
  REQUIRE(step->state().empty());
}
