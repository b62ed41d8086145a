#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "graft/files.hpp"
#include "graft/utf8.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> tfidf(const std::string& more = "") {
  return extractors().make<Extractor>("graft/tfidf", R"({"column": "text")" + (more.empty() ? "" : ", " + more) + "}", "words");
}

testing::Rows rows(Strings texts) { return {{{"text", FieldKind::kText, {}, {}}}, testing::batch({{"text", std::move(texts)}})}; }

std::shared_ptr<Extractor> fitted(Strings texts, const std::string& more = "") {
  auto step = tfidf(more);
  step->fit(rows(std::move(texts)));
  return step;
}

SparseRows words(const Extractor& extractor, Strings texts) {
  Batch batch = testing::batch({{"text", std::move(texts)}});
  extractor.transform(batch);
  return batch.sparse("words");
}

std::string vocabulary(const Extractor& extractor) { return extractor.state().texts.at("vocabulary"); }

// The parameters as JSON members.
std::string members(const Value& object) {
  const std::string json = to_json(object);
  return json.substr(1, json.size() - 2);
}

// Rows of one code point each: what the script calls probe().
Strings every_code_point() {
  Strings texts;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string own;
    append_utf8(own, c);
    texts.push_back("x" + own + "y " + own + own + " 1\u03A3" + own + "2 A" + own + "\u03A3");
  }
  return texts;
}

}  // namespace

TEST_CASE("tfidf: two documents weigh as worked out by hand", "[extractor][tfidf]") {
  const auto step = fitted({"good film, good", "Good plot"});
  REQUIRE(vocabulary(*step) == "film\ngood\nplot\n");
  const SparseRows row = words(*step, {"good film, good"});
  const double film = std::log(3.0 / 2.0) + 1, good = 2 * 1.0, norm = std::sqrt(film * film + good * good);
  REQUIRE(row.width == 3);
  REQUIRE(row.ids.equal(testing::integers({0, 1}).to(at::kInt)));
  REQUIRE(row.values[0].item<float>() == Approx(film / norm).epsilon(1e-7));
  REQUIRE(row.values[1].item<float>() == Approx(good / norm).epsilon(1e-7));
}

TEST_CASE("tfidf: vocabularies and weights are those of scikit-learn's TfidfVectorizer", "[extractor][tfidf]") {
  const Value expected = reference("tfidf");
  Strings texts = texts_of(expected.at("texts"));
  const Strings unseen = texts_of(expected.at("unseen"));
  for (const Value& one : expected.at("cases").list()) {
    INFO(to_json(one.at("parameters")));
    const auto step = fitted(texts, members(one.at("parameters")));
    std::string terms;
    for (const std::string& term : texts_of(one.at("vocabulary"))) terms += term + "\n";
    REQUIRE(vocabulary(*step) == terms);
    Strings all = texts;
    all.insert(all.end(), unseen.begin(), unseen.end());
    const SparseRows got = words(*step, all);
    const std::int32_t* offsets = got.offsets.const_data_ptr<std::int32_t>();
    for (std::size_t row = 0; row < all.size(); ++row) {
      const std::vector<std::int64_t> ids = integers_of(one.at("rows").list()[row].list()[0]);
      const std::vector<double> values = numbers_of(one.at("rows").list()[row].list()[1]);
      REQUIRE(offsets[row + 1] - offsets[row] == static_cast<std::int32_t>(ids.size()));
      for (std::size_t i = 0; i < ids.size(); ++i) {
        REQUIRE(got.ids.const_data_ptr<std::int32_t>()[offsets[row] + i] == ids[i]);
        REQUIRE(std::abs(got.values.const_data_ptr<float>()[offsets[row] + i] - values[i]) < 1e-6);
      }
    }
  }
}

TEST_CASE("tfidf: letters, lower case and the final sigma are Python's for every code point", "[extractor][tfidf][slow]") {
  const Value expected = reference("tfidf");
  const std::string terms = vocabulary(*fitted(every_code_point()));
  REQUIRE(std::count(terms.begin(), terms.end(), '\n') == expected.at("terms").integer());
  REQUIRE(sha256(terms) == expected.at("every_code_point").text());
}

TEST_CASE("tfidf: a word in every document gets the smallest weight", "[extractor][tfidf]") {
  const auto step = fitted({"the good film", "the bad film", "the plot"});
  const SparseRows row = words(*step, {"bad film good plot the"});
  const float* value = row.values.const_data_ptr<float>();
  for (int other = 0; other < 4; ++other) REQUIRE(value[4] < value[other]);
}

TEST_CASE("tfidf: rows have length 1, whatever the order of their words and of the training rows", "[extractor][tfidf]") {
  const Strings texts = texts_of(reference("tfidf").at("texts"));
  const auto step = fitted(texts), reversed = fitted({texts.rbegin(), texts.rend()});
  REQUIRE(vocabulary(*step) == vocabulary(*reversed));
  const SparseRows rows = words(*step, texts);
  const std::int32_t* offsets = rows.offsets.const_data_ptr<std::int32_t>();
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (offsets[row] == offsets[row + 1]) continue;
    REQUIRE(rows.values.slice(0, offsets[row], offsets[row + 1]).square().sum().item<double>() == Approx(1).epsilon(1e-6));
  }
  REQUIRE(words(*step, {"great plot, bad acting"}).values.equal(words(*reversed, {"acting bad great; plot"}).values));
}

TEST_CASE("tfidf: max_features keeps the most frequent terms, the first in order among equals", "[extractor][tfidf]") {
  REQUIRE(vocabulary(*fitted({"aa bb cc dd", "dd cc", "dd"}, R"("max_features": 3)")) == "aa\ncc\ndd\n");
}

TEST_CASE("tfidf: ill-formed UTF-8 separates words", "[extractor][tfidf]") {
  REQUIRE(vocabulary(*fitted({"one\xFFtwo th\xC3"})) == "one\nth\ntwo\n");
}

TEST_CASE("tfidf: refusals name the rule and the value", "[extractor][tfidf]") {
  CHECK(message_of([] { fitted({"a", "!"}); }) ==
        "[graft/tfidf] column text must have terms that min_df and max_df allow, none of 0 in 2 training rows is");
  CHECK(message_of([] { fitted({"good film", "bad"}, R"("min_df": 3)"); }) ==
        "[graft/tfidf] column text must have terms that min_df and max_df allow, none of 3 in 2 training rows is");
  CHECK(message_of([] { tfidf(R"("ngrams": [3, 1])"); }) ==
        "[graft/tfidf] ngrams must be [from, to] with from <= to, got [3, 1]");
  CHECK(message_of([] { words(*tfidf(), {"a"}); }) == "[graft/tfidf] transform needs the vocabulary: call fit or restore first");
  CHECK(message_of([] { tfidf()->outputs({{"text", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/tfidf] column text must be text, is number");
  CHECK(message_of([] { tfidf()->restore({}); }) == "[graft/tfidf] the state must have the tensor idf and the text vocabulary");
}

TEST_CASE("tfidf: state restores without texts, the width is known after fit, four threads agree", "[extractor][tfidf]") {
  const Strings texts = texts_of(reference("tfidf").at("texts"));
  const auto step = fitted(texts, R"("ngrams": [1, 2])"), restored = tfidf(R"("ngrams": [1, 2])");
  REQUIRE((tfidf()->outputs(rows({}).schema()).back() == Field{"words", FieldKind::kSparse, {-1}, {}}));
  restored->restore(step->state());
  const SparseRows expected = words(*step, texts);
  REQUIRE((restored->outputs(rows({}).schema()).back() == Field{"words", FieldKind::kSparse, {expected.width}, {}}));
  REQUIRE(expected.values.isfinite().all().item<bool>());
  for (const Batch& mine : on_four_threads(*restored, testing::batch({{"text", texts}}))) {
    REQUIRE(mine.sparse("words").ids.equal(expected.ids));
    REQUIRE(mine.sparse("words").values.equal(expected.values));
    REQUIRE(mine.sparse("words").offsets.equal(expected.offsets));
  }
}
