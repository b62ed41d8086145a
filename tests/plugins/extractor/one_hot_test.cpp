#include "step_case.hpp"

using namespace graft;

namespace {

constexpr const char* kUse = "graft/one_hot";

testing::Rows texts(Strings values) { return {{{"x", FieldKind::kText, {}, {}}}, testing::batch({{"x", std::move(values)}})}; }

std::shared_ptr<Extractor> fitted(const testing::Rows& rows, const std::string& more = "") {
  auto step = step_of(kUse, more);
  step->fit(rows);
  return step;
}

Tensor hot(const Extractor& step, Column values) {
  Batch batch = testing::batch({{"x", std::move(values)}});
  step.transform(batch);
  return batch.tensor("made");
}

}  // namespace

TEST_CASE("one_hot: b, a, b become the second, the first, the second of two features", "[extractor][one_hot]") {
  CHECK(hot(*fitted(texts({"b", "a", "b"})), Strings{"b", "a", "b"}).equal(testing::matrix({{0, 1}, {1, 0}, {0, 1}})));
}

TEST_CASE("one_hot: features are those of scikit-learn's OneHotEncoder", "[extractor][one_hot]") {
  const Value expected = reference("table_steps");
  const Strings colours = texts_of(expected.at("colours")), yes = texts_of(expected.at("yes"));
  const Tensor sizes = at::tensor(integers_of(expected.at("sizes")), at::kLong);
  for (const char* drop : {"null", "first", "if_binary"}) {
    INFO(drop);
    const std::string more = R"("drop": )" + (std::string(drop) == "null" ? "null" : "\"" + std::string(drop) + "\"");
    const Value::List& wanted = expected.at("one_hot").at(drop).list();
    CHECK(hot(*fitted(texts(colours), more), colours).to(at::kDouble).equal(table_of(wanted[0])));
    const testing::Rows numbers({{"x", FieldKind::kInteger, {}, {}}}, testing::batch({{"x", sizes}}));
    CHECK(hot(*fitted(numbers, more), sizes).to(at::kDouble).equal(table_of(wanted[1])));
    CHECK(hot(*fitted(texts(yes), more), yes).to(at::kDouble).equal(table_of(wanted[2])));
  }
}

TEST_CASE("one_hot: several columns lie side by side, classes by id", "[extractor][one_hot]") {
  const Schema schema = {{"x", FieldKind::kText, {}, {}}, {"kind", FieldKind::kClass, {}, {"z", "y", "never"}}};
  const Batch batch = testing::batch({{"x", Strings{"b", "a"}}, {"kind", testing::integers({1, 0})}});
  const auto step = extractors().make<Extractor>(kUse, R"({"columns": ["x", "kind"]})", "made");
  step->fit(testing::Rows(schema, batch));
  Batch made = batch;
  step->transform(made);
  CHECK(made.tensor("made").equal(testing::matrix({{0, 1, 0, 1}, {1, 0, 1, 0}})));
}

TEST_CASE("one_hot: each row has one 1 a column, none where the value is missing or unknown", "[extractor][one_hot]") {
  const auto step = fitted(texts({"a", "b", "c", ""}));
  CHECK(hot(*step, Strings{"c", "a", "", "new"}).sum(1).equal(testing::matrix({{1, 1, 0, 0}}).squeeze(0)));
}

TEST_CASE("one_hot: refusals name the rule and the value", "[extractor][one_hot]") {
  CHECK(message_of([] { fitted(texts({"", ""})); }) ==
        "[graft/one_hot] column x must have a value in the training rows, has none");
  CHECK(message_of([] { step_of(kUse)->outputs({{"x", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/one_hot] column x must be text, integer or class, is number");
  CHECK(message_of([] { hot(*step_of(kUse), Strings{"a"}); }) ==
        "[graft/one_hot] transform needs the categories: call fit or restore first");
}

TEST_CASE("one_hot: state restores it, four threads agree", "[extractor][one_hot]") {
  const auto step = fitted(texts({"b", "a", "é\"\n"})), restored = step_of(kUse);
  restored->restore(step->state());
  const Tensor expected = hot(*step, Strings{"a", "é\"\n", "b"});
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"x", Strings{"a", "é\"\n", "b"}}})))
    CHECK(mine.tensor("made").equal(expected));
  CHECK((restored->outputs(texts({}).schema()).back() == Field{"made", FieldKind::kVector, {3}, {}}));
  CHECK((step_of(kUse)->outputs(texts({}).schema()).back() == Field{"made", FieldKind::kVector, {-1}, {}}));
}
