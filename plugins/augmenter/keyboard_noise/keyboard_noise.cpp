#include "keyboard_noise.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "../text_ops/words.hpp"

namespace graft::plugins {
namespace {

// Rows of keys from the top; those that are no letter keep their place.
const std::array<std::string, 3>& rows_of(const std::string& layout) {
  static const std::map<std::string, std::array<std::string, 3>> rows = {{"qwerty", {"qwertyuiop", "asdfghjkl", "zxcvbnm"}},
                                                                         {"qwertz", {"qwertzuiop", "asdfghjkl", "yxcvbnm"}},
                                                                         {"azerty", {"azertyuiop", "qsdfghjklm", "wxcvbn"}}};
  return rows.at(layout);
}

struct Key {
  char letter;
  double x;  // in keys
  int row;
};

std::vector<Key> keys_of(const std::string& layout) {
  constexpr std::array<double, 3> kShift = {0, 0.25, 0.75};
  std::vector<Key> keys;
  for (int row = 0; row < 3; ++row) {
    const std::string& letters = rows_of(layout)[static_cast<std::size_t>(row)];
    for (std::size_t i = 0; i < letters.size(); ++i)
      keys.push_back({letters[i], static_cast<double>(i) + kShift[static_cast<std::size_t>(row)], row});
  }
  return keys;
}

bool touch(const Key& a, const Key& b) {
  const double far = std::abs(a.x - b.x);
  return a.row == b.row ? far == 1 : std::abs(a.row - b.row) == 1 && far < 1;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_capital(c) || (c >= 'a' && c <= 'z'); }

}  // namespace

KeyboardNoise::KeyboardNoise(const Config& config)
    : TextEdit(config, "graft/keyboard_noise"), rate_(config.number("rate")), min_length_(config.integer("min_length")) {
  const std::vector<Key> keys = keys_of(config.text("layout"));
  for (const Key& key : keys)
    for (const Key& other : keys)
      if (touch(key, other)) neighbours_[static_cast<std::size_t>(key.letter - 'a')] += other.letter;
}

char KeyboardNoise::slipped(char letter, Rng& draws) const {
  const std::string& near = neighbours_[static_cast<std::size_t>((is_capital(letter) ? letter + 32 : letter) - 'a')];
  const char hit = near[static_cast<std::size_t>(draws.below(std::ssize(near)))];
  return is_capital(letter) ? static_cast<char>(hit - 32) : hit;
}

std::string KeyboardNoise::edited(const std::string& text, Rng& draws) const {
  std::vector<EditWord> words = words_of(text);
  for (EditWord& word : words) {
    if (!word.ordinary || std::count_if(word.core.begin(), word.core.end(), is_letter) < min_length_) continue;
    for (char& letter : word.core)
      if (is_letter(letter) && draws.uniform() < rate_) letter = slipped(letter, draws);
  }
  return text_of(words);
}

}  // namespace graft::plugins
