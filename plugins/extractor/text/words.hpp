// Words of a text, as scikit-learn's default analyzer finds them: str.lower(), then the pattern (?u)\b\w\w+\b.
//
//   source   Python 3.11, str.lower (full mapping, with the final sigma) and re's \w: letters, digits and "_"
//   differs  Unicode 14.0, whatever the Python one compares with knows
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

struct Word {
  std::size_t begin, end;  // bytes in Words::text
};

// Storage that is reused from text to text.
struct Words {
  std::string text;         // the words, a space between each two: n words in a row are one piece of it
  std::vector<Word> words;  // of at least two code points

  std::size_t size() const { return words.size(); }
  std::string_view piece(std::size_t first, std::size_t n) const {  // n words in a row, n >= 1
    return std::string_view(text).substr(words[first].begin, words[first + n - 1].end - words[first].begin);
  }
};

void find_words(std::string_view text, bool lowercase, Words& words);

// All characters, after str.lower() where asked.
void lower_characters(std::string_view text, bool lowercase, std::u32string& characters);

bool is_space(char32_t c);  // as str.isspace and re's \s

}  // namespace graft::plugins
