#include "step_case.hpp"

using namespace graft;

namespace {

constexpr const char* kUse = "graft/ordinal";
const Schema kText = {{"x", FieldKind::kText, {}, {}}};

testing::Rows texts(Strings values) { return {kText, testing::batch({{"x", std::move(values)}})}; }

std::shared_ptr<Extractor> fitted(Strings values, const std::string& more = "") {
  auto step = step_of(kUse, more);
  step->fit(texts(std::move(values)));
  return step;
}

Tensor places(const Extractor& step, Column values) {
  Batch batch = testing::batch({{"x", std::move(values)}});
  step.transform(batch);
  return batch.tensor("made").squeeze(1);
}

}  // namespace

TEST_CASE("ordinal: b, a, c become 1, 0, 2, and the order that is given goes first", "[extractor][ordinal]") {
  CHECK(places(*fitted({"b", "a", "c"}), Strings{"b", "a", "c"}).equal(testing::numbers({1, 0, 2})));
  CHECK(places(*fitted({"b", "a", "c"}, R"("categories": {"x": ["c", "new", "b", "a"]})"), Strings{"b", "a", "c", "new"})
            .equal(testing::numbers({2, 3, 0, 1})));
}

TEST_CASE("ordinal: places are those of scikit-learn's OrdinalEncoder", "[extractor][ordinal]") {
  const Value expected = reference("table_steps");
  Strings colours = texts_of(expected.at("colours"));
  for (std::size_t i = 3; i < colours.size(); i += 7) colours[i].clear();
  const Schema schema = {{"colour", FieldKind::kText, {}, {}}, {"size", FieldKind::kInteger, {}, {}}};
  const Batch batch = testing::batch({{"colour", colours}, {"size", at::tensor(integers_of(expected.at("sizes")), at::kLong)}});
  const auto [key, more] = GENERATE(table<std::string, std::string>(
      {{"ordinal", ""},
       {"ordinal_order", R"(, "categories": {"colour": ["green", "Zoo", "never", "red", "café", "blue"]})"},
       {"ordinal_missing", R"(, "missing": -1)"}}));
  const auto step = extractors().make<Extractor>(kUse, R"({"columns": ["colour", "size"])" + more + "}", "made");
  step->fit(testing::Rows(schema, batch));
  Batch made = batch;
  step->transform(made);
  CHECK(largest_difference(made.tensor("made"), table_of(expected.at(key))) == 0);
}

TEST_CASE("ordinal: a class keeps the order of its ids, less those that no training row has", "[extractor][ordinal]") {
  const Schema schema = {{"x", FieldKind::kClass, {}, {"z", "never", "y"}}};
  auto step = step_of(kUse);
  step->fit(testing::Rows(schema, testing::batch({{"x", testing::integers({2, 0, kMissingClass})}})));
  CHECK(largest_difference(places(*step, testing::integers({2, 0, kMissingClass})), testing::numbers({1, 0, NAN})) == 0);
}

TEST_CASE("ordinal: a value of no training row counts as missing, with a warning, or is what it is told to be",
          "[extractor][ordinal]") {
  testing::Warnings warnings;
  const Strings values = {"new", "", "a"};
  CHECK(largest_difference(places(*fitted({"a"}), values), testing::numbers({NAN, NAN, 0})) == 0);
  CHECK(warnings.lines() ==
        std::vector<std::string>{"[graft/ordinal] column x: 'new' is in no training row and counts as missing"});
  CHECK(places(*fitted({"a"}, R"("missing": -1)"), values).equal(testing::numbers({-1, -1, 0})));
  CHECK(places(*fitted({"a"}, R"("missing": -1, "unknown": 9)"), values).equal(testing::numbers({9, -1, 0})));
  CHECK(warnings.lines().size() == 2);
}

TEST_CASE("ordinal: refusals name the rule and the value", "[extractor][ordinal]") {
  CHECK(message_of([] { fitted({"", ""}); }) == "[graft/ordinal] column x must have a value in the training rows, has none");
  CHECK(message_of([] { step_of(kUse)->outputs({{"x", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/ordinal] column x must be text, integer or class, is number");
  CHECK(message_of([] { fitted({"a", "b"}, R"("categories": {"x": ["a"]})"); }) ==
        "[graft/ordinal] categories of x must hold all values of the training rows, not 'b'");
  CHECK(message_of([] { step_of(kUse, R"("categories": {"y": ["a"]})"); }) ==
        "[graft/ordinal] categories must name columns of this step, names y");
}

TEST_CASE("ordinal: state restores it, four threads agree, no fit no transform", "[extractor][ordinal]") {
  const auto step = fitted({"b", "a", "é\"\n"}), restored = step_of(kUse);
  restored->restore(step->state());
  const Strings values = {"a", "é\"\n", "b", ""};
  const Tensor expected = places(*step, values);
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"x", values}})))
    CHECK(largest_difference(mine.tensor("made").squeeze(1), expected) == 0);
  CHECK((step_of(kUse)->outputs(kText).back() == Field{"made", FieldKind::kVector, {1}, {}}));
  CHECK(step_of(kUse)->state().empty());
  CHECK(message_of([] { places(*step_of(kUse), Strings{"a"}); }) ==
        "[graft/ordinal] transform needs the categories: call fit or restore first");
}
