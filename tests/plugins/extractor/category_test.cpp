#include <ATen/ops/tensor.h>

#include <algorithm>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> category(const std::string& more = "") {
  return extractors().make<Extractor>("graft/category", R"({"column": "genre")" + (more.empty() ? "" : ", " + more) + "}",
                                      "label");
}

testing::Rows rows(Column values, FieldKind kind, std::vector<std::string> classes = {}) {
  return {{{"genre", kind, {}, std::move(classes)}}, testing::batch({{"genre", std::move(values)}})};
}

Tensor labels(const Extractor& extractor, Column values) {
  Batch batch = testing::batch({{"genre", std::move(values)}});
  extractor.transform(batch);
  return batch.tensor("label");
}

std::vector<std::string> classes(const Extractor& extractor, FieldKind kind = FieldKind::kText) {
  return extractor.outputs({{"genre", kind, {}, {}}}).back().classes;
}

}  // namespace

TEST_CASE("category: classes are the sorted distinct values, empty texts are missing", "[extractor][category]") {
  const auto step = category();
  step->fit(rows(Strings{"drama", "comedy", "", "drama"}, FieldKind::kText));
  REQUIRE(classes(*step) == std::vector<std::string>{"comedy", "drama"});
  REQUIRE(labels(*step, Strings{"drama", "", "comedy"}).equal(testing::integers({1, kMissingClass, 0})));
}

TEST_CASE("category: integers sort by value, class columns by name, the config's order wins", "[extractor][category]") {
  const auto integers = category();
  integers->fit(rows(testing::integers({10, 9, -1}), FieldKind::kInteger));
  REQUIRE(classes(*integers, FieldKind::kInteger) == std::vector<std::string>{"-1", "9", "10"});
  const auto names = category();
  names->fit(rows(testing::integers({0, 1, kMissingClass}), FieldKind::kClass, {"b", "a"}));
  REQUIRE(labels(*names, testing::integers({0, 1, kMissingClass})).equal(testing::integers({1, 0, kMissingClass})));
  const auto fixed = category(R"("classes": ["drama", "comedy"])");
  fixed->fit(rows(Strings{"comedy"}, FieldKind::kText));
  REQUIRE(labels(*fixed, Strings{"drama", "comedy"}).equal(testing::integers({0, 1})));
}

TEST_CASE("category: ids are those of scikit-learn's LabelEncoder", "[extractor][category]") {
  const Value expected = reference("category");
  const auto check = [](const Value& one, Column values, FieldKind kind) {
    const auto step = category();
    step->fit(rows(values, kind));
    REQUIRE(classes(*step, kind) == texts_of(one.at("classes")));
    REQUIRE(labels(*step, values).equal(at::tensor(integers_of(one.at("ids")), at::kLong)));
  };
  check(expected.at("texts"), texts_of(expected.at("texts").at("values")), FieldKind::kText);
  check(expected.at("integers"), at::tensor(integers_of(expected.at("integers").at("values")), at::kLong), FieldKind::kInteger);
}

TEST_CASE("category: the order of the training rows does not matter", "[extractor][category]") {
  Strings values = texts_of(reference("category").at("texts").at("values"));
  const auto forward = category(), backward = category();
  forward->fit(rows(values, FieldKind::kText));
  std::reverse(values.begin(), values.end());
  backward->fit(rows(values, FieldKind::kText));
  REQUIRE(classes(*forward) == classes(*backward));
}

TEST_CASE("category: a value that training rows never had is missing, and counted", "[extractor][category]") {
  const testing::Warnings warnings;
  const auto step = category();
  step->fit(rows(Strings{"a", "b"}, FieldKind::kText));
  REQUIRE(labels(*step, Strings{"c", "b", "d"}).equal(testing::integers({kMissingClass, 1, kMissingClass})));
  REQUIRE(warnings.lines() ==
          std::vector<std::string>{"[graft/category] column genre: 'c' is none of the classes and counts as missing",
                                   "[graft/category] column genre: 'd' is none of the classes and counts as missing"});
}

TEST_CASE("category: refusals name the rule and the value", "[extractor][category]") {
  CHECK(message_of([] { category(R"("classes": ["a", "b", "a"])"); }) == "[graft/category] classes must differ, a occurs twice");
  CHECK(message_of([] { category()->fit(rows(Strings{"", ""}, FieldKind::kText)); }) ==
        "[graft/category] column genre must have a value in the training rows, has none");
  CHECK(message_of([] { labels(*category(), Strings{"a"}); }) ==
        "[graft/category] transform needs the classes: call fit or restore first");
  CHECK(message_of([] { category()->outputs({{"genre", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/category] column genre must be text, integer or class, is number");
  CHECK(message_of([] { category()->restore({}); }) == "[graft/category] the state must have the text classes, has none");
}

TEST_CASE("category: state and restore transform the same, equal on four threads", "[extractor][category]") {
  const auto fitted = category(), restored = category();
  fitted->fit(rows(testing::integers({0, 1}), FieldKind::kClass, {"y\"", "x\n"}));
  restored->restore(fitted->state());
  REQUIRE(classes(*restored, FieldKind::kClass) == std::vector<std::string>{"x\n", "y\""});
  const Batch batch = testing::batch({{"genre", testing::integers({1, 0})}});
  for (const Batch& mine : on_four_threads(*restored, batch)) REQUIRE(mine.tensor("label").equal(testing::integers({0, 1})));
}
