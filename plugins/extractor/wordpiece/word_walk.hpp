// WordWalk: walks through normalised text word by word, as BertPreTokenizer splits it: white space separates and is dropped,
// each punctuation character is a word of its own.
//
//   for (WordWalk words(text); words.next();) use(words.word());
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace graft::plugins {

class WordWalk {
 public:
  explicit WordWalk(std::string_view text);  // well-formed UTF-8 that outlives the walk
  bool next();                               // false after the last word
  std::string_view word() const { return text_.substr(begin_, end_ - begin_); }

 private:
  std::uint8_t flags_at(std::size_t position, std::size_t& after) const;

  std::string_view text_;
  const std::uint8_t* flags_;
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace graft::plugins
