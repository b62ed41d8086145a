#include <ATen/ATen.h>

#include "catch.hpp"
#include "text_case.hpp"

using namespace graft;

namespace {
constexpr const char* kUse = "graft/hashing";
}

TEST_CASE("hashing: foo has the published hash -156908512", "[extractor][hashing]") {
  // the example of scikit-learn's own tests of murmurhash3_32: b"foo" with seed 0
  const SparseRows row = sparse_of(*text_step(kUse, R"("n_features": 1000000)"), {"foo foo"});
  CHECK(row.ids.item<int>() == 908512);
  CHECK(row.values.item<float>() == -1);
}

TEST_CASE("hashing: columns and values are those of scikit-learn's HashingVectorizer", "[extractor][hashing]") {
  check_reference(kUse);
}

TEST_CASE("hashing: one column holds every word, and terms of both signs cancel out", "[extractor][hashing]") {
  const std::string one = R"("n_features": 1, "norm": null)";
  const SparseRows all = sparse_of(*text_step(kUse, one + R"(, "alternate_sign": false)"), {"one two three"});
  CHECK(all.values.item<float>() == 3);
  CHECK(sparse_of(*text_step(kUse, one), {"foo foo foo"}).values.item<float>() == -3);
}

TEST_CASE("hashing: rows have length 1, and depend on no other row", "[extractor][hashing]") {
  const Strings texts = texts_of(reference("text_steps").at("texts"));
  const SparseRows all = sparse_of(*text_step(kUse), {texts[0], texts[1]}), alone = sparse_of(*text_step(kUse), {texts[1]});
  const std::int64_t first = all.offsets[1].item<std::int64_t>();
  CHECK(all.ids.slice(0, first).equal(alone.ids));
  CHECK(alone.values.square().sum().item<float>() == Approx(1));
}

TEST_CASE("hashing: refusals name the rule and the value", "[extractor][hashing]") {
  CHECK(message_of([] { text_step(kUse, R"("ngrams": [2, 1])"); }) ==
        "[graft/hashing] ngrams must be [from, to] with from <= to, got [2, 1]");
  CHECK(message_of([] { text_step(kUse)->outputs({{"text", FieldKind::kInteger, {}, {}}}); }) ==
        "[graft/hashing] column text must be text, is integer");
  CHECK(message_of([] { text_step(kUse, R"("n_features": 0)"); }) ==
        "parameters:1:34: [graft/hashing] n_features must be >= 1, got 0");
}

TEST_CASE("hashing: has no state, needs no fit, and four threads agree", "[extractor][hashing]") {
  const auto step = text_step(kUse, R"("n_features": 50)");
  CHECK(step->state().empty());
  CHECK((step->outputs(text_rows({}).schema()).back() == Field{"words", FieldKind::kSparse, {50}, {}}));
  const SparseRows expected = sparse_of(*step, {"some words here"});
  for (const Batch& mine : on_four_threads(*step, testing::batch({{"text", Strings{"some words here"}}})))
    CHECK(are_equal(mine.sparse("words"), expected));
}
