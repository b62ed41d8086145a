#include <ATen/ATen.h>

#include "catch.hpp"
#include "text_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> fitted(Strings texts, const std::string& more = "") {
  auto step = text_step("graft/count", more);
  step->fit(text_rows(std::move(texts)));
  return step;
}

}  // namespace

TEST_CASE("count: good film, good counts film once and good twice", "[extractor][count]") {
  const auto step = fitted({"good film, good", "Good plot"});
  const SparseRows row = sparse_of(*step, {"good film, good unseen"});
  CHECK(step->state().texts.at("vocabulary") == "film\ngood\nplot\n");
  CHECK(row.ids.equal(testing::integers({0, 1}).to(at::kInt)));
  CHECK(row.values.equal(testing::matrix({{1, 2}}).squeeze(0)));
  CHECK(row.width == 3);
}

TEST_CASE("count: characters within words have a space at each end, by hand", "[extractor][count]") {
  const auto within = fitted({"ab c"}, R"("analyzer": "char_wb", "ngrams": [2, 3])");
  CHECK(within->state().texts.at("vocabulary") == " a\n ab\n c\n c \nab\nab \nb \nc \n");
  const auto across = fitted({"a  b\nc"}, R"("analyzer": "char", "ngrams": [3, 3])");
  CHECK(across->state().texts.at("vocabulary") == " b\\n\na b\nb\\nc\n");
}

TEST_CASE("count: vocabularies and counts are those of scikit-learn's CountVectorizer", "[extractor][count]") {
  check_reference("graft/count");
}

TEST_CASE("count: counts of a row add up to its terms; binary ones to its distinct terms", "[extractor][count]") {
  const Strings texts = {"one two two three three three"};
  CHECK(sparse_of(*fitted(texts), texts).values.sum().item<float>() == 6);
  CHECK(sparse_of(*fitted(texts, R"("binary": true)"), texts).values.sum().item<float>() == 3);
}

TEST_CASE("count: refusals name the rule and the value", "[extractor][count]") {
  CHECK(message_of([] { fitted({"a", "!"}); }) ==
        "[graft/count] column text must have terms that min_df and max_df allow, none of 0 in 2 training rows is");
  CHECK(message_of([] { text_step("graft/count", R"("ngrams": [3, 2])"); }) ==
        "[graft/count] ngrams must be [from, to] with from <= to, got [3, 2]");
  CHECK(message_of([] { sparse_of(*text_step("graft/count"), {"word"}); }) ==
        "[graft/count] transform needs the vocabulary: call fit or restore first");
  CHECK(message_of([] { text_step("graft/count")->outputs({{"text", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/count] column text must be text, is number");
}

TEST_CASE("count: state restores it, line ends and backslashes in terms included, four threads agree", "[extractor][count]") {
  const std::string more = R"("analyzer": "char", "ngrams": [1, 2])";
  const Strings texts = {"a\\n\nb", "\\\\ \n"};
  const auto step = fitted(texts, more), restored = text_step("graft/count", more);
  restored->restore(step->state());
  const SparseRows expected = sparse_of(*step, texts);
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"text", texts}})))
    CHECK(are_equal(mine.sparse("words"), expected));
  CHECK((restored->outputs(text_rows({}).schema()).back() == Field{"words", FieldKind::kSparse, {expected.width}, {}}));
}
