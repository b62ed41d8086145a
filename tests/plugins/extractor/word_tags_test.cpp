#include <ATen/ops/equal.h>

#include <algorithm>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> word_tags(const std::string& more = "") {
  return extractors().make<Extractor>("graft/word_tags", R"({"column": "ner", "words": "text")" + more + "}", "tags");
}

const Schema kSchema = {{"ner", FieldKind::kText, {}, {}}, {"text", FieldKind::kText, {}, {}}};

Batch rows(const Strings& tags, const Strings& texts) { return testing::batch({{"ner", tags}, {"text", texts}}); }

std::shared_ptr<Extractor> fitted(const Strings& tags, const std::string& more = "") {
  auto step = word_tags(more);
  step->fit(testing::Rows(kSchema, rows(tags, tags)));
  return step;
}

Ragged made(const Extractor& step, const Strings& tags, const Strings& texts) {
  Batch batch = rows(tags, texts);
  step.transform(batch);
  return batch.ragged("tags");
}

bool same(const Ragged& a, const Ragged& b) {
  return at::equal(a.values, b.values) && at::equal(a.offsets, b.offsets) && a.longest == b.longest;
}

constexpr std::int64_t kNone = kMissingClass;

}  // namespace

TEST_CASE("word_tags: each word has its tag's class, classes are sorted, any white space separates", "[extractor][word_tags]") {
  const auto step = fitted({"B-PER O", "O B-LOC I-LOC"});
  CHECK(step->outputs(kSchema).back() == Field{"tags", FieldKind::kTags, {-1}, {"B-LOC", "B-PER", "I-LOC", "O"}});
  CHECK(
      same(made(*step, {"B-PER O", " O\tB-LOC  I-LOC\n"}, {"Ada lives", "in  New York"}), testing::tokens({{1, 3}, {3, 0, 2}})));
}

TEST_CASE("word_tags: a row without tags has words without labels, and `missing` says so of one", "[extractor][word_tags]") {
  const auto step = fitted({"N V ?"}, R"(, "missing": "?")");
  CHECK(step->outputs(kSchema).back().classes == std::vector<std::string>{"N", "V"});
  const testing::Warnings warnings;
  CHECK(same(made(*step, {"", "N ? V", ""}, {"two words", "a b c", ""}), testing::tokens({{kNone, kNone}, {0, kNone, 1}, {}})));
  CHECK(warnings.lines().empty());
}

TEST_CASE("word_tags: a tag that training rows never had is missing, and counted", "[extractor][word_tags]") {
  const testing::Warnings warnings;
  CHECK(same(made(*fitted({"N V"}), {"V X"}, {"a b"}), testing::tokens({{1, kNone}})));
  CHECK(warnings.lines() ==
        std::vector<std::string>{"[graft/word_tags] column ner: 'X' is none of the tags and counts as missing"});
}

TEST_CASE("word_tags: a row's tags do not depend on the rows beside it", "[extractor][word_tags]") {
  const auto step = fitted({"a b c"});
  const Ragged both = made(*step, {"a b", "c"}, {"1 2", "3"});
  CHECK(at::equal(both.values.slice(0, 2), made(*step, {"c"}, {"3"}).values));
}

TEST_CASE("word_tags: refusals name the rule and the value", "[extractor][word_tags]") {
  CHECK(message_of([] { made(*fitted({"N V"}), {"N", "N V N"}, {"a", "b c"}); }) ==
        "[graft/word_tags] column ner must have a tag for each word of text, row 1 has 3 tags and 2 words");
  CHECK(message_of([] { word_tags(R"(, "classes": ["N", "V", "N"])"); }) ==
        "[graft/word_tags] classes must differ, N occurs twice");
  CHECK(message_of([] { fitted({"", " "}); }) == "[graft/word_tags] column ner must have a tag in the training rows, has none");
  CHECK(message_of([] { made(*word_tags(), {"N"}, {"a"}); }) ==
        "[graft/word_tags] transform needs the classes: call fit or restore first");
  CHECK(message_of([] { word_tags()->outputs({kSchema[0], {"text", FieldKind::kTokens, {-1}, {}}}); }) ==
        "[graft/word_tags] column text must be text, is tokens");
  CHECK(message_of([] { word_tags()->restore({}); }) == "[graft/word_tags] the state must have the text classes, has none");
}

TEST_CASE("word_tags: state and restore transform the same, equal on four threads; no rows give no rows",
          "[extractor][word_tags]") {
  const auto step = fitted({"O B-\"x\" ü"}), restored = word_tags();
  restored->restore(step->state());
  CHECK(restored->outputs(kSchema).back() == step->outputs(kSchema).back());
  for (const Batch& mine : on_four_threads(*restored, rows({"ü O", ""}, {"a b", "c"})))
    CHECK(same(mine.ragged("tags"), testing::tokens({{2, 1}, {kNone}})));
  CHECK(made(*restored, {}, {}).values.numel() == 0);
}
