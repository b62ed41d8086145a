#include <algorithm>
#include <cmath>
#include <map>

#include "text_case.hpp"

using namespace graft;

namespace {

std::int64_t marks_in(const std::string& text) {
  const auto words = split_words(text);
  return std::count_if(words.begin(), words.end(),
                       [](const std::string& word) { return word.size() == 1 && std::ispunct(word[0]); });
}

std::string repeated(const std::string& word, std::int64_t times) {
  std::string text = word;
  for (std::int64_t i = 1; i < times; ++i) text += " " + word;
  return text;
}

}  // namespace

TEST_CASE("aeda: a short text gives just the texts worked out by hand", "[augmenter][aeda]") {
  // floor(0.5 * 2 + 1) = 2 marks at most.
  const auto step = text_augmenter("aeda", R"("share": 0.5, "marks": ["!"])");
  CHECK(all_edits(*step, "so  good.") == std::set<std::string>{"! so  good.", "so  ! good.", "! so  ! good."});
  CHECK(all_edits(*text_augmenter("aeda", R"("share": 0, "marks": [",", "--"])"), "fun") ==
        std::set<std::string>{", fun", "-- fun"});
}

TEST_CASE("aeda: the number of marks goes up to that of the authors' rule, each number equally often", "[augmenter][aeda]") {
  for (const Value::Member& share : text_edits().at("aeda").object()) {
    const auto step = text_augmenter("aeda", "\"share\": " + share.key);
    for (const std::int64_t length : {1, 2, 7, 10, 40}) {
      const std::int64_t most = std::min(length, share.value.list()[static_cast<std::size_t>(length - 1)].integer());
      std::map<std::int64_t, double> times;
      const int rows = 2000;
      for (const std::string& text : edited(*step, Strings(rows, repeated("word", length)), 3)) ++times[marks_in(text)];
      INFO("share " << share.key << ", " << length << " words");
      REQUIRE(times.begin()->first == 1);
      REQUIRE(times.rbegin()->first == most);
      const double p = 1 / static_cast<double>(most);
      for (const auto& [marks, count] : times) REQUIRE(std::abs(count - rows * p) <= 4.5 * std::sqrt(rows * p * (1 - p)));
    }
  }
}

TEST_CASE("aeda: words and their order stay, and a text without words stays as it is", "[augmenter][aeda]") {
  const auto step = text_augmenter("aeda");
  const std::string text = "The great Spielberg made 3 good movies, see https://a.b @great #fun café 日本";
  for (const std::string& result : all_edits(*step, text, 100)) {
    auto words = split_words(result);
    std::erase_if(words, [](const std::string& word) { return word.size() == 1 && std::ispunct(word[0]); });
    REQUIRE(words == split_words(text));
  }
  REQUIRE(edited(*step, {"", "  "}, 1) == Strings{"", "  "});
}

TEST_CASE("aeda: refusals name the rule and the value", "[augmenter][aeda]") {
  CHECK(message_of([] { text_augmenter("aeda", R"("share": 1.5)"); }).ends_with("[graft/aeda] share must be <= 1, got 1.5"));
  CHECK(message_of([] {
          text_augmenter("aeda", R"("marks": [])");
        }).ends_with("[graft/aeda] marks must have at least 1 entry, got 0"));
}

TEST_CASE("aeda: keeps the contract of augmenters", "[augmenter][aeda]") { keeps_the_contract(*text_augmenter("aeda"), "aeda"); }
