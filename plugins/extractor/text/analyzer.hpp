// Analyzer: the terms of a text, as scikit-learn's vectorizers cut them.
//
//   word     n words in a row with a space between them, n in `ngrams` [from, to]; words as words.hpp finds them
//   char     n characters in a row, also across words, runs of white space taken for one space
//   char_wb  n characters in a row inside one word with a space at each end; a word shorter than n is one term, once
//   source   scikit-learn 1.9, CountVectorizer: analyzer, ngram_range, lowercase
//   threads  any; each with its own Storage
//   throws   Error(where) when `ngrams` is not [from, to]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graft/config.hpp"
#include "words.hpp"

namespace graft::plugins {

class Analyzer {
 public:
  Analyzer(const Config& config, const std::string& where);  // reads analyzer, lowercase, ngrams

  struct Storage {  // reused from text to text
    Words words;
    std::u32string characters;
    std::string term;
  };

  template <class Use>
  void each_term(std::string_view text, Storage& storage, Use use) const {
    if (kind_ == Kind::kWord) return each_of_words(text, storage.words, use);
    lower_characters(text, lowercase_, storage.characters);
    single_spaces(storage.characters);
    const auto give = [&](std::u32string_view term) { use(utf8(term, storage.term)); };
    if (kind_ == Kind::kChar)
      each_of_characters(storage.characters, give);
    else
      each_in_words(storage.characters, give);
  }

 private:
  enum class Kind { kWord, kChar, kCharWb };

  static void single_spaces(std::u32string& characters);
  static std::string_view utf8(std::u32string_view term, std::string& storage);
  static std::u32string_view next_word(std::u32string_view& rest);  // empty: none is left

  template <class Use>
  void each_of_words(std::string_view text, Words& words, Use& use) const {
    find_words(text, lowercase_, words);
    const std::string_view found = words.text;
    const auto count = static_cast<std::int64_t>(words.words.size());
    for (std::int64_t n = from_; n <= to_; ++n)
      for (std::int64_t first = 0; first + n <= count; ++first) {
        const std::size_t begin = words.words[static_cast<std::size_t>(first)].begin;
        use(found.substr(begin, words.words[static_cast<std::size_t>(first + n - 1)].end - begin));
      }
  }

  template <class Give>
  void each_of_characters(std::u32string_view text, Give& give) const {
    const auto size = static_cast<std::int64_t>(text.size());
    for (std::int64_t n = from_; n <= to_; ++n)
      for (std::int64_t first = 0; first + n <= size; ++first)
        give(text.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(n)));
  }

  template <class Give>
  void each_in_words(std::u32string_view text, Give& give) const {
    std::u32string padded;
    for (std::u32string_view word; !(word = next_word(text)).empty();) {
      (padded = U' ').append(word).push_back(U' ');
      for (auto n = static_cast<std::size_t>(from_); n <= static_cast<std::size_t>(to_); ++n) {
        for (std::size_t first = 0; first == 0 || first + n <= padded.size(); ++first)
          give(std::u32string_view(padded).substr(first, n));
        if (n >= padded.size()) break;
      }
    }
  }

  Kind kind_;
  bool lowercase_;
  std::int64_t from_, to_;
};

}  // namespace graft::plugins
