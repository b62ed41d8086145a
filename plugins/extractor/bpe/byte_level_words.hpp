// ByteLevelWords: walks through a text word by word, as GPT-2's regular expression splits it; nothing is dropped.
//
//   rule     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//            so white space before a word leaves its last character to the word, where that is U+0020
//   source   Radford et al. 2019; the ByteLevel pre-tokenizer of tokenizers 0.23
//
//   for (ByteLevelWords words(text); words.next();) use(words.word());
#pragma once

#include <cstddef>
#include <string_view>

#include "../tokenizer/character_classes.hpp"

namespace graft::plugins {

class ByteLevelWords {
 public:
  explicit ByteLevelWords(std::string_view text)
      : text_(text), classes_(character_classes()) {}  // well-formed; outlives the walk
  bool next();                                         // false after the last word
  std::string_view word() const { return text_.substr(begin_, end_ - begin_); }

 private:
  CharacterClass class_at(std::size_t position, std::size_t& after) const;
  std::size_t contraction() const;  // bytes of 's, 're and so on at begin_; 0: none
  std::size_t space_end() const;

  std::string_view text_;
  const CharacterClass* classes_;
  std::size_t begin_ = 0, end_ = 0;
};

// The character that stands for a byte in the tokens of a byte-level vocabulary: itself where it can be seen, else one from U+0100 on.
char32_t byte_level_character(unsigned char byte);

}  // namespace graft::plugins
