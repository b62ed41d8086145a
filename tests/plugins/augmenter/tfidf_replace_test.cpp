#include <cmath>

#include "text_case.hpp"

using namespace graft;

namespace {

const Strings kCorpus = {"the film is good", "the film is bad", "the town Paris is great", "great jokes in 1999"};

std::shared_ptr<Augmenter> fitted(const Strings& texts, double rate) {
  auto step = text_augmenter("tfidf_replace", "\"rate\": " + to_json(Value(rate)));
  step->fit(testing::Rows({{"text", FieldKind::kText, {}, {}}}, testing::batch({{"text", texts}})));
  return step;
}

}  // namespace

TEST_CASE("tfidf_replace: the word that says most stays, the others go by how little they say", "[augmenter][tfidf_replace]") {
  // Two rows "a b" and "a c": idf(a) = 0, idf(b) = idf(c) = ln 2; S(a) = 0, S(b) = S(c) = ln 2 / 2 = M. So only a is ever drawn,
  // and in "b a" a has chance 1 * rate * 2, b none: a becomes a. In "b c" both say the same: the row stays.
  const auto step = fitted({"a b", "a c"}, 0.5);
  CHECK(all_edits(*step, "b a") == std::set<std::string>{"b a"});
  CHECK(all_edits(*step, "b c") == std::set<std::string>{"b c"});
  // idf(x) = ln 2 as training lacks x: nothing is rarer. tf-idf of x x a: 2/3 ln 2 twice, 0. a goes with chance 1: becomes a.
  CHECK(all_edits(*step, "X b, a!") == std::set<std::string>{"X b, a!"});
}

TEST_CASE("tfidf_replace: the texts are those of UDA's formulas in Python", "[augmenter][tfidf_replace]") {
  const Value& expected = text_edits().at("tfidf_replace");
  const std::vector<std::string> texts = texts_of(text_edits().at("texts"));
  const auto step = fitted(texts, expected.at("rate").number());
  CHECK(edited(*step, texts, static_cast<std::uint64_t>(text_edits().at("key").integer())) == texts_of(expected.at("replaced")));
}

TEST_CASE("tfidf_replace: what comes are words of the training rows, never names and numbers; case belongs to the place",
          "[augmenter][tfidf_replace]") {
  const auto step = fitted(kCorpus, 1);
  std::set<std::string> come;
  for (const std::string& text : all_edits(*step, "The film is a dull town"))
    for (const std::string& word : split_words(text)) come.insert(word);
  for (const char* word : {"film", "is", "the", "good", "great"}) CHECK(come.contains(word));
  // "jokes" and "in" say most, so they have no weight.
  for (const char* word : {"1999", "Paris", "paris", "jokes", "in"}) CHECK_FALSE(come.contains(word));
  for (const std::string& text : all_edits(*step, "The film is good.")) REQUIRE((text[0] >= 'A' && text[0] <= 'Z'));
  keeps_what_is_no_word(*step);
}

TEST_CASE("tfidf_replace: a state that was saved and restored makes the same texts", "[augmenter][tfidf_replace]") {
  const auto step = fitted(kCorpus, 0.8), again = text_augmenter("tfidf_replace", "\"rate\": 0.8");
  again->restore(step->state());
  for (std::uint64_t key = 0; key < 20; ++key) REQUIRE(edited(*again, kCorpus, key) == edited(*step, kCorpus, key));
}

TEST_CASE("tfidf_replace: refusals name the rule and the value", "[augmenter][tfidf_replace]") {
  CHECK(message_of([] {
          text_augmenter("tfidf_replace", "\"rate\": 1.1");
        }).ends_with("[graft/tfidf_replace] rate must be <= 1, got 1.1"));
  CHECK(message_of([] { fitted({"1 2", ""}, 0.5); }) ==
        "[graft/tfidf_replace] the column text of the training rows has no word that may be replaced");
  CHECK(message_of([] { edited(*text_augmenter("tfidf_replace"), {"a b"}, 1); }) ==
        "[graft/tfidf_replace] augment needs the words of the training rows: call fit or restore first");
  CHECK(message_of([] { text_augmenter("tfidf_replace")->restore({{}, {{"words", "a\n"}}}); }) ==
        "[graft/tfidf_replace] the state must have the tensor idf, has none");
}

TEST_CASE("tfidf_replace: keeps the contract of augmenters", "[augmenter][tfidf_replace]") {
  keeps_the_contract(*fitted(kCorpus, 0.8), "tfidf_replace");
}
