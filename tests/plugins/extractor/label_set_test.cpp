#include <ATen/ops/equal.h>

#include <algorithm>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> label_set(const std::string& parameters = R"("columns": "genre")") {
  return extractors().make<Extractor>("graft/label_set", "{" + parameters + "}", "genres");
}

testing::Rows rows(const Strings& texts) { return {{{"genre", FieldKind::kText, {}, {}}}, testing::batch({{"genre", texts}})}; }

std::shared_ptr<Extractor> fitted(const Strings& texts, const std::string& parameters = R"("columns": "genre")") {
  auto step = label_set(parameters);
  step->fit(rows(texts));
  return step;
}

Tensor sets(const Extractor& step, const Strings& texts) {
  Batch batch = testing::batch({{"genre", texts}});
  step.transform(batch);
  return batch.tensor("genres");
}

std::vector<std::string> classes(const Extractor& step) {
  return step.outputs({{"genre", FieldKind::kText, {}, {}}}).back().classes;
}

const Schema kFlags = {{"a", FieldKind::kInteger, {}, {}}, {"b", FieldKind::kNumber, {}, {}}};
const char* const kBoth = R"("columns": ["a", "b"])";

Tensor flags(const Extractor& step, Tensor a, Tensor b) {
  Batch batch = testing::batch({{"a", std::move(a)}, {"b", std::move(b)}});
  step.transform(batch);
  return batch.tensor("genres");
}

bool same(const Tensor& a, const Tensor& b) {
  return at::equal(a.isnan(), b.isnan()) && at::equal(a.nan_to_num(9), b.nan_to_num(9));
}

}  // namespace

TEST_CASE("label_set: the names between the delimiters are the row's classes; empty is missing, a delimiter alone is none",
          "[extractor][label_set]") {
  const auto step = fitted({"drama|comedy", "", "|", " war | drama |"});
  CHECK(classes(*step) == std::vector<std::string>{"comedy", "drama", "war"});
  CHECK(step->outputs({{"genre", FieldKind::kText, {}, {}}}).back() ==
        Field{"genres", FieldKind::kLabelSet, {3}, {"comedy", "drama", "war"}});
  CHECK(same(sets(*step, {"drama|comedy", "", "|", " war | drama |", "war|war"}),
             testing::matrix({{1, 1, 0}, {NAN, NAN, NAN}, {0, 0, 0}, {0, 1, 1}, {0, 0, 1}})));
}

TEST_CASE("label_set: sets are those of scikit-learn's MultiLabelBinarizer", "[extractor][label_set]") {
  const Value expected = reference("label_set");
  const Strings texts = texts_of(expected.at("texts"));
  const auto step = fitted(texts, R"("columns": "genre", "delimiter": ", ")");
  CHECK(classes(*step) == texts_of(expected.at("classes")));
  const Tensor ours = sets(*step, texts);
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (std::size_t c = 0; c < classes(*step).size(); ++c)
      CHECK(ours[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(c)].item<float>() ==
            expected.at("sets").list()[i].list()[c].integer());
}

TEST_CASE("label_set: several columns are a class each, and a missing number is missing by itself", "[extractor][label_set]") {
  const auto step = label_set(kBoth);
  step->fit({testing::Rows(kFlags, testing::batch({{"a", testing::integers({0})}, {"b", testing::numbers({0})}}))});
  CHECK(step->outputs(kFlags).back() == Field{"genres", FieldKind::kLabelSet, {2}, {"a", "b"}});
  CHECK(same(flags(*step, testing::integers({0, 1, 1}), testing::numbers({1, NAN, 0.25})),
             testing::matrix({{0, 1}, {1, NAN}, {1, 0.25}})));
}

TEST_CASE("label_set: the order of names in a text and of the training rows does not matter", "[extractor][label_set]") {
  const auto forward = fitted({"b|a", "c"}), backward = fitted({"c", "a|b"});
  CHECK(classes(*forward) == classes(*backward));
  CHECK(at::equal(sets(*forward, {"a|c"}), sets(*forward, {"c|a"})));
}

TEST_CASE("label_set: a name that training rows never had is left out of its row, and counted", "[extractor][label_set]") {
  const testing::Warnings warnings;
  const auto step = fitted({"a|b"});
  CHECK(same(sets(*step, {"a|z", "z"}), testing::matrix({{1, 0}, {0, 0}})));
  CHECK(warnings.lines() ==
        std::vector<std::string>(2, "[graft/label_set] column genre: 'z' is none of the classes and is left out"));
}

TEST_CASE("label_set: refusals name the rule and the value", "[extractor][label_set]") {
  const auto with = [](const char* more) { return std::string(R"("columns": "genre", )") + more; };
  CHECK(message_of([&] { label_set(with(R"("classes": ["a", "b", "a"])")); }) ==
        "[graft/label_set] classes must differ, a occurs twice");
  CHECK(message_of([&] { label_set(with(R"("delimiter": "")")); }) == "[graft/label_set] delimiter must not be empty");
  CHECK(message_of([] { fitted({"", "|"}); }) ==
        "[graft/label_set] column genre must name a class in the training rows, names none");
  CHECK(message_of([] { sets(*label_set(), {"a"}); }) ==
        "[graft/label_set] transform needs the classes: call fit or restore first");
  CHECK(message_of([] { label_set()->outputs({{"genre", FieldKind::kVector, {3}, {}}}); }) ==
        "[graft/label_set] column genre must be text, number or integer, is vector");
  CHECK(message_of([] { label_set(kBoth)->outputs({{"a", FieldKind::kText, {}, {}}, kFlags[1]}); }) ==
        "[graft/label_set] a text must be the only column, a is one of 2");
  CHECK(message_of([] { label_set(R"("columns": ["a", "b"], "classes": ["x"])")->outputs(kFlags); }) ==
        "[graft/label_set] classes must be one a column, 2, got 1");
  const auto two = label_set(R"("columns": ["a", "b"], "classes": ["x", "y"])");
  CHECK(message_of([&] { flags(*two, testing::integers({0, 5}), testing::numbers({0, 0})); }) ==
        "[graft/label_set] column a must be in [0, 1], row 1 has 5.0");
  CHECK(message_of([] { label_set()->restore({}); }) == "[graft/label_set] the state must have the text classes, has none");
}

TEST_CASE("label_set: state and restore transform the same, equal on four threads; no rows give no rows",
          "[extractor][label_set]") {
  const auto step = fitted({"a\"|b", "ü"}), restored = label_set();
  restored->restore(step->state());
  CHECK(classes(*restored) == std::vector<std::string>{"a\"", "b", "ü"});
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"genre", Strings{"ü|b", "|"}}})))
    CHECK(at::equal(mine.tensor("genres"), testing::matrix({{0, 1, 1}, {0, 0, 0}})));
  CHECK(sets(*restored, {}).sizes() == std::vector<std::int64_t>{0, 3});
}
