// Analyzer: the terms of a text, as scikit-learn's vectorizers cut them.
//
//   word     n words in a row with a space between them, n in `ngrams` [from, to]; words as words.hpp finds them
//   char     n characters in a row, also across words, runs of white space taken for one space
//   char_wb  n characters in a row inside one word with a space at each end; a word shorter than n is one term, once
//   source   scikit-learn 1.9, CountVectorizer: analyzer, ngram_range, lowercase
//   threads  any; each with its own Storage
//   throws   Error(where) when `ngrams` is not [from, to]
#pragma once

#include <cstddef>
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
    std::u32string characters, padded;
    std::string term;
  };

  // The terms as text: use(std::string_view).
  template <class Use>
  void each_term(std::string_view text, Storage& storage, Use use) const {
    each_run(text, storage, [&](const auto& run) {
      each_ngram(run.size(), [&](std::size_t first, std::size_t n) { use(piece(run, first, n, storage.term)); });
    });
  }

  // What terms are pieces of: use(const Words&), or use(std::u32string_view) where terms are of characters.
  template <class Use>
  void each_run(std::string_view text, Storage& storage, Use use) const {
    if (kind_ == Kind::kWord) {
      find_words(text, lowercase_, storage.words);
      return use(storage.words);
    }
    lower_characters(text, lowercase_, storage.characters);
    single_spaces(storage.characters);
    std::u32string_view rest = storage.characters;
    if (kind_ == Kind::kChar) return use(rest);
    for (std::u32string_view word; !(word = next_word(rest)).empty();) {
      (storage.padded = U' ').append(word).push_back(U' ');
      use(std::u32string_view(storage.padded));
    }
  }

  // The terms of a run of `size` words or characters: use(first, n), all of one n before those of the next.
  template <class Use>
  void each_ngram(std::size_t size, Use use) const {
    for (std::size_t n = from_; n <= to_; ++n) {
      if (kind_ == Kind::kCharWb && n >= size) return use(std::size_t{0}, size);
      for (std::size_t first = 0; first + n <= size; ++first) use(first, n);
    }
  }

  bool of_words() const { return kind_ == Kind::kWord; }
  std::size_t shortest() const { return from_; }  // n, but for char_wb's words that are shorter

 private:
  enum class Kind { kWord, kChar, kCharWb };

  static void single_spaces(std::u32string& characters);
  static std::u32string_view next_word(std::u32string_view& rest);  // empty: none is left
  static std::string_view piece(const Words& words, std::size_t first, std::size_t n, std::string&) {
    return words.piece(first, n);
  }
  static std::string_view piece(std::u32string_view characters, std::size_t first, std::size_t n, std::string& storage);

  Kind kind_;
  bool lowercase_;
  std::size_t from_, to_;
};

}  // namespace graft::plugins
