#include "char_noise.hpp"

#include <utility>

#include "../text_ops/draws.hpp"

namespace graft::plugins {
namespace {

// A place in [1, size - behind).
std::size_t inner_place(const std::string& word, std::int64_t behind, Rng& draws) {
  return static_cast<std::size_t>(1 + draws.below(std::ssize(word) - 1 - behind));
}

char letter_other_than(char letter, Rng& draws) {
  const char drawn = static_cast<char>('a' + draws.below(letter >= 'a' && letter <= 'z' ? 25 : 26));
  return static_cast<char>(letter >= 'a' && letter <= 'z' && drawn >= letter ? drawn + 1 : drawn);
}

void misspell(std::string& word, const std::string& kind, Rng& draws) {
  if (kind == "swap") {
    const std::size_t place = inner_place(word, 2, draws);
    std::swap(word[place], word[place + 1]);
  } else if (kind == "drop") {
    word.erase(inner_place(word, 1, draws), 1);
  } else if (kind == "add") {
    const std::size_t place = inner_place(word, 0, draws);
    word.insert(place, 1, letter_other_than('\0', draws));
  } else {
    char& letter = word[inner_place(word, 1, draws)];
    letter = letter_other_than(letter, draws);
  }
}

}  // namespace

CharNoise::CharNoise(const Config& config)
    : TextEdit(config, "graft/char_noise"),
      rate_(config.number("rate")),
      min_length_(static_cast<std::size_t>(config.integer("min_length"))),
      kinds_(config.texts("kinds")) {}

std::string CharNoise::edited(const std::string& text, Rng& draws) const {
  std::vector<EditWord> words = words_of(text);
  for (EditWord& word : words)
    if (word.ordinary && word.core.size() >= min_length_ && draws.uniform() < rate_)
      misspell(word.core, any_of(kinds_, draws), draws);
  return text_of(words);
}

}  // namespace graft::plugins
