#include <algorithm>
#include <cmath>

#include "text_case.hpp"

using namespace graft;

namespace {
std::shared_ptr<Augmenter> noise(const std::string& more) { return text_augmenter("char_noise", more); }
}  // namespace

TEST_CASE("char_noise: each slip of a short word gives just the words worked out by hand", "[augmenter][char_noise]") {
  CHECK(all_edits(*noise(R"("rate": 1, "kinds": ["swap"])"), "Which plot?") ==
        std::set<std::string>{"Wihch polt?", "Wihch polt?", "Whcih polt?"});
  CHECK(all_edits(*noise(R"("rate": 1, "kinds": ["drop"])"), "a plot.") == std::set<std::string>{"a pot.", "a plt."});
}

TEST_CASE("char_noise: the misspellings are all those and only those that Python finds", "[augmenter][char_noise]") {
  for (const Value::Member& word : text_edits().at("char_noise").object())
    for (const Value::Member& kind : word.value.object()) {
      INFO(kind.key << " in " << word.key);
      const std::vector<std::string> wanted = texts_of(kind.value);
      CHECK(all_edits(*noise("\"rate\": 1, \"kinds\": [\"" + kind.key + "\"]"), word.key, 3000) ==
            std::set<std::string>(wanted.begin(), wanted.end()));
    }
}

TEST_CASE("char_noise: rate is the share of the words, and the four slips come equally often", "[augmenter][char_noise]") {
  const int rows = 8000;
  double hit = 0, swapped = 0, dropped = 0, added = 0, changed = 0;
  for (const std::string& text : edited(*noise("\"rate\": 0.5"), Strings(rows, "abcdef"), 9)) {
    if (text == "abcdef") continue;
    ++hit;
    std::string sorted = text;
    std::sort(sorted.begin(), sorted.end());
    const bool has_all = sorted == "abcdef";
    ++(text.size() == 5 ? dropped : text.size() == 7 ? added : has_all ? swapped : changed);
  }
  REQUIRE(std::abs(hit - rows / 2.0) < 4 * std::sqrt(rows / 4.0));
  for (const double count : {swapped, dropped, added, changed}) REQUIRE(std::abs(count - hit / 4) < 4 * std::sqrt(hit * 3 / 16));
}

TEST_CASE("char_noise: first and last characters, short words and what is no ordinary word stay", "[augmenter][char_noise]") {
  const auto step = noise("\"rate\": 1");
  for (const std::string& word : all_edits(*step, "wonderful")) REQUIRE((word.front() == 'w' && word.back() == 'l'));
  CHECK(all_edits(*step, "the fun was all of it") == std::set<std::string>{"the fun was all of it"});
  keeps_what_is_no_word(*step);
}

TEST_CASE("char_noise: refusals name the rule and the value", "[augmenter][char_noise]") {
  CHECK(message_of([] { noise("\"min_length\": 3"); }).ends_with("[graft/char_noise] min_length must be >= 4, got 3"));
  CHECK(message_of([] { noise("\"kinds\": []"); }).ends_with("[graft/char_noise] kinds must have at least 1 entry, got 0"));
}

TEST_CASE("char_noise: keeps the contract of augmenters", "[augmenter][char_noise]") {
  keeps_the_contract(*noise("\"rate\": 0.5"), "char_noise");
}
