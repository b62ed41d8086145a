#include <cmath>

#include "text_case.hpp"

using namespace graft;

namespace {
std::shared_ptr<Augmenter> dropout(const std::string& more) { return text_augmenter("word_dropout", more); }
}  // namespace

TEST_CASE("word_dropout: a short text gives just the texts worked out by hand", "[augmenter][word_dropout]") {
  CHECK(all_edits(*dropout("\"rate\": 0.5"), "The fun, 3.") ==
        std::set<std::string>{"The fun, 3.", "Fun, 3.", "The, 3.", "The fun,", "The,", "Fun,", "3."});
  CHECK(all_edits(*dropout(R"("rate": 0.5, "placeholder": "[UNK]")"), "(so good)") ==
        std::set<std::string>{"(so good)", "([UNK] good)", "(so [UNK])"});
}

TEST_CASE("word_dropout: the dropped words are those of the generator written again in Python", "[augmenter][word_dropout]") {
  const Value& expected = text_edits().at("word_dropout");
  const auto key = static_cast<std::uint64_t>(text_edits().at("key").integer());
  const std::string rate = "\"rate\": " + to_json(expected.at("rate"));
  CHECK(edited(*dropout(rate), texts_of(text_edits().at("texts")), key) == texts_of(expected.at("dropped")));
  CHECK(edited(*dropout(rate + R"(, "placeholder": "[UNK]")"), texts_of(text_edits().at("texts")), key) ==
        texts_of(expected.at("placed")));
}

TEST_CASE("word_dropout: rate is the share that goes, a higher one drops a superset, and no text becomes empty",
          "[augmenter][word_dropout]") {
  std::string text = "w0";
  for (int i = 1; i < 5000; ++i) text += " w" + std::to_string(i);
  std::set<std::string> more_kept;
  for (const double rate : {0.5, 0.1}) {
    const auto words = split_words(edited(*dropout("\"rate\": " + to_json(Value(rate))), {text}, 3)[0]);
    CHECK(std::abs(static_cast<double>(words.size()) - 5000 * (1 - rate)) < 4 * std::sqrt(5000 * rate * (1 - rate)));
    const std::set<std::string> kept(words.begin(), words.end());
    for (const std::string& word : more_kept) REQUIRE(kept.contains(word));
    more_kept = kept;
  }
  for (const std::string& one : all_edits(*dropout("\"rate\": 1"), "a b c")) CHECK(split_words(one).size() == 1);
  CHECK(edited(*dropout("\"rate\": 1"), {"", "!?"}, 3) == Strings{"", "!?"});
}

TEST_CASE("word_dropout: refusals name the rule and the value", "[augmenter][word_dropout]") {
  CHECK(message_of([] { dropout("\"rate\": -0.1"); }).ends_with("[graft/word_dropout] rate must be >= 0, got -0.1"));
}

TEST_CASE("word_dropout: keeps the contract of augmenters", "[augmenter][word_dropout]") {
  keeps_the_contract(*dropout("\"rate\": 0.4"), "word_dropout");
}
