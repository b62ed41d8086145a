#include <cmath>

#include "text_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Augmenter> keyboard(const std::string& more) { return text_augmenter("keyboard_noise", more); }

// The letters that one letter becomes.
std::string slips_of(char letter, const std::string& layout) {
  const auto step = keyboard(R"("rate": 1, "min_length": 1, "layout": ")" + layout + "\"");
  std::string letters;
  for (const std::string& text : all_edits(*step, std::string(1, letter))) letters += text;
  return letters;
}

}  // namespace

TEST_CASE("keyboard_noise: a letter becomes a letter whose key touches its own", "[augmenter][keyboard_noise]") {
  CHECK(slips_of('g', "qwerty") == "bfhtvy");
  CHECK(slips_of('q', "qwerty") == "aw");
  CHECK(slips_of('m', "qwerty") == "jkn");
  CHECK(slips_of('t', "qwertz") == "fgrz");
  CHECK(slips_of('a', "azerty") == "qz");
  CHECK(all_edits(*keyboard(R"("rate": 1, "min_length": 2)"), "(Up, 2).") ==
        std::set<std::string>{"(Yo, 2).", "(Yl, 2).", "(Io, 2).", "(Il, 2).", "(Ho, 2).", "(Hl, 2).", "(Jo, 2).", "(Jl, 2)."});
}

TEST_CASE("keyboard_noise: nlpaug's and TextAttack's tables know every neighbour", "[augmenter][keyboard_noise]") {
  for (const Value::Member& key : text_edits().at("keyboard").object())
    for (const char near : slips_of(key.key[0], "qwerty")) {
      INFO(key.key << " becomes " << near);
      CHECK(key.value.text().find(near) != std::string::npos);
      CHECK(slips_of(near, "qwerty").find(key.key) != std::string::npos);
    }
}

TEST_CASE("keyboard_noise: rate is the share of the letters that slip, the length stays", "[augmenter][keyboard_noise]") {
  const std::string text(20000, 'e');
  const std::string result = edited(*keyboard("\"rate\": 0.1"), {text}, 5)[0];
  REQUIRE(result.size() == text.size());
  const auto slips = static_cast<double>(result.size()) - static_cast<double>(std::count(result.begin(), result.end(), 'e'));
  REQUIRE(std::abs(slips - 2000) < 4 * std::sqrt(20000 * 0.1 * 0.9));
  CHECK(edited(*keyboard("\"rate\": 0"), {"any words at all"}, 5)[0] == "any words at all");
  CHECK(edited(*keyboard(R"("rate": 1, "min_length": 4)"), {"but not now"}, 5)[0] == "but not now");
}

TEST_CASE("keyboard_noise: what is no ordinary word stays", "[augmenter][keyboard_noise]") {
  keeps_what_is_no_word(*keyboard("\"rate\": 0.5"));
}

TEST_CASE("keyboard_noise: refusals name the rule and the value", "[augmenter][keyboard_noise]") {
  CHECK(message_of([] { keyboard("\"rate\": 2"); }).ends_with("[graft/keyboard_noise] rate must be <= 1, got 2"));
  CHECK(message_of([] {
          keyboard("\"layout\": \"dvorak\"");
        }).ends_with(R"([graft/keyboard_noise] layout must be "qwerty", "qwertz" or "azerty", got "dvorak")"));
}

TEST_CASE("keyboard_noise: keeps the contract of augmenters", "[augmenter][keyboard_noise]") {
  keeps_the_contract(*keyboard("\"rate\": 0.3"), "keyboard_noise");
}
