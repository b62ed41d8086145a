// TextTokenizer: text to token ids, equal to Hugging Face tokenizers 0.23 to the id.
//
//   way      added tokens -> normalize -> added tokens marked normalized -> pieces -> special tokens around it
//   input    any bytes: ill-formed UTF-8 counts as U+FFFD, as Python's decode("utf-8", errors="replace") reads it
//   threads  const calls from any thread at once, each with a Scratch of its own
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "added_tokens.hpp"
#include "text_pieces.hpp"

namespace graft::plugins {

class TextTokenizer {
 public:
  struct Frame {
    std::vector<AddedToken> added_tokens;
    std::vector<std::int64_t> before, after;  // ids of special tokens around a single text
  };
  struct Settings {
    std::size_t max_length = 0;  // ids of one text, special tokens included; 0: no limit
    bool special_tokens = true;
  };
  // Memory that one caller uses again from text to text.
  struct Scratch {
    std::string normalized;
    std::vector<AddedTokens::Part> parts, inner_parts;
    std::unique_ptr<TextPieces::Memory> memory;
  };

  // throws Error(where) when max_length leaves no room beside the special tokens, or a token normalises to nothing
  TextTokenizer(std::unique_ptr<const TextPieces> pieces, const Frame& frame, const Settings& settings, const std::string& where);

  Scratch scratch() const;

  // Appends the ids of one text; true when it was cut on the right.
  bool append(std::string_view text, std::vector<std::int64_t>& ids, Scratch& scratch) const;

  // The same of the words of spaced_words(), each by itself, as tokenizers does with is_split_into_words. Appends for each the place
  // of its first token among those of this text; -1 for a word that was cut off or has no token.
  bool append_words(std::string_view text, std::vector<std::int64_t>& ids, std::vector<std::int64_t>& first,
                    Scratch& scratch) const;

 private:
  void append_parts(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids, Scratch& scratch) const;
  void append_text(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids, Scratch& scratch) const;
  bool finish(std::size_t end, std::vector<std::int64_t>& ids) const;

  std::unique_ptr<const TextPieces> pieces_;
  AddedTokens raw_tokens_, normalized_tokens_;
  std::vector<std::int64_t> before_, after_;
  std::size_t max_tokens_;  // of the text itself
};

}  // namespace graft::plugins
