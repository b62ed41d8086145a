// What a head said and what is true, as text and numbers, for every form of answer; and the columns that heads and steps name.
#include "core/run/answers.hpp"

#include <ATen/Functions.h>

#include <cmath>

#include "catch.hpp"
#include "core/pipeline/columns.hpp"
#include "graft/testing.hpp"

using namespace graft;
using namespace graft::core;

namespace {

using Texts = std::vector<std::string>;

HeadEvaluation evaluation(FieldKind kind, Batch predictions, Column truth, Texts classes = {"a", "b", "c"}) {
  HeadEvaluation one;
  one.stream = "rows";
  one.head = "kind";
  one.target = {"label", kind, {}, std::move(classes)};
  one.predictions = std::move(predictions);
  one.truth = Batch({one.predictions.row_ids().begin(), one.predictions.row_ids().end()});
  one.truth.set("label", std::move(truth));
  return one;
}

HeadEvaluation of_sets() {
  return evaluation(FieldKind::kLabelSet,
                    testing::batch({{"label", testing::matrix({{1, 0, 1}, {0, 0, 0}})},
                                    {"probability", testing::matrix({{0.75, 0.5, 1}, {0.25, 0, 0}})}}),
                    testing::matrix({{0, 1, 1}, {NAN, NAN, NAN}}));
}

HeadEvaluation of_tags() {
  const Ragged label = testing::tokens({{0, 2}, {1, kMissingClass}, {}});
  const Tensor p = testing::matrix({{0.5, 0.25, 0.25}, {0, 0.25, 0.75}, {0, 1, 0}, {1, 0, 0}});
  return evaluation(FieldKind::kTags, testing::batch({{"label", label}, {"probability", Ragged{p, label.offsets, 2}}}),
                    testing::tokens({{0, kMissingClass}, {kMissingClass, kMissingClass}, {}}));
}

}  // namespace

TEST_CASE("answers: a label set is its names with | between them, | alone when it is empty, nothing when it is missing",
          "[core]") {
  const HeadEvaluation sets = of_sets();
  CHECK(form_of(sets) == AnswerForm::kLabelSet);
  CHECK(prediction_texts(sets) == Texts{"a|c", "|"});
  CHECK(truth_texts(sets) == Texts{"b|c", ""});
  CHECK(confidences(sets) == std::vector<double>{0.75 * 0.5 * 1, 0.75});
  const auto columns = probability_columns(sets);
  REQUIRE(columns.size() == 4);
  CHECK(columns[0].first == "kind_probability");
  CHECK(columns[1] == NumberColumn{"kind_probability_a", {0.75, 0.25}});
}

TEST_CASE("answers: tags have a name for each word, ? where there is none, nothing where no word has one", "[core]") {
  const HeadEvaluation tags = of_tags();
  CHECK(form_of(tags) == AnswerForm::kTags);
  CHECK(prediction_texts(tags) == Texts{"a c", "b ?", ""});
  CHECK(truth_texts(tags) == Texts{"a ?", "", ""});
  CHECK(confidences(tags) == std::vector<double>{0.5 * 0.75, 1, 1});
  CHECK(class_confidences(tags) == std::vector<double>{0.5, 0.75, 1, 1});
  CHECK(at::equal(true_classes(tags), testing::integers({0, kMissingClass, kMissingClass, kMissingClass})));
  CHECK(probability_columns(tags).size() == 1);
}

TEST_CASE("answers: a class is its name, of a soft truth the largest share's; a number is as short as it reads back", "[core]") {
  const Batch predicted =
      testing::batch({{"label", testing::integers({1, 0})}, {"probability", testing::matrix({{0.25, 0.75, 0}, {1, 0, 0}})}});
  const HeadEvaluation soft = evaluation(FieldKind::kSoftClass, predicted, testing::matrix({{0, 0.5, 0.25}, {0, 0, 1}}));
  CHECK(prediction_texts(soft) == Texts{"b", "a"});
  CHECK(truth_texts(soft) == Texts{"b", "c"});
  CHECK(confidences(soft) == std::vector<double>{0.75, 1});
  const HeadEvaluation numbers =
      evaluation(FieldKind::kNumber, testing::batch({{"value", testing::numbers({0.5, 2})}}), testing::numbers({NAN, 0.1}), {});
  CHECK(prediction_texts(numbers) == Texts{"0.5", "2"});
  CHECK(truth_texts(numbers) == Texts{"", "0.1"});
  CHECK(std::isnan(confidences(numbers)[0]));
  CHECK(probability_columns(numbers).empty());
}

TEST_CASE("answers: rows without labels have predictions and empty truths", "[core]") {
  HeadEvaluation sets = of_sets();
  sets.truth = Batch();
  CHECK(truth_texts(sets) == Texts{"", ""});
  CHECK(prediction_texts(sets) == Texts{"a|c", "|"});
}

TEST_CASE("columns: a head's target is apart from what it needs for predicting; a step may make a column beside its own",
          "[core]") {
  const Value head = parse_json(R"({"properties": {"target": {"format": "column"}, "words": {"format": "column"},
    "input": {"type": "string"}, "more": {"format": "columns"}}})",
                                "head");
  const HeadColumns columns =
      head_columns(parse_json(R"({"target": ["y"], "words": "w", "input": "x", "more": ["u", "v"]})", "p"), head);
  CHECK(columns.target == "y");
  CHECK(columns.inputs == Texts{"w", "u", "v"});
  const Value step = parse_json(R"({"properties": {"column": {"format": "column"}, "words": {"format": "new_column"}}})", "step");
  CHECK(made_columns("tokens", parse_json(R"({"column": "text", "words": "w"})", "p"), step) == Texts{"tokens", "w"});
  CHECK(made_columns("tokens", parse_json(R"({"column": "text", "words": null})", "p"), step) == Texts{"tokens"});
}
