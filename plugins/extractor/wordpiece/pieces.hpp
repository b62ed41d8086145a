// WordPieces: WordPiece's part of a TextTokenizer.
//
//   way      Normalizer -> WordWalk -> Vocabulary
//   threads  const calls from any thread at once
#pragma once

#include "../tokenizer/text_tokenizer.hpp"
#include "normalizer.hpp"
#include "vocabulary.hpp"

namespace graft::plugins {

class WordPieces final : public TextPieces {
 public:
  struct Parts {
    Normalizer::Options normalizer;
    Vocabulary::Options model;
    Vocabulary::Tokens tokens;
    TextTokenizer::Frame frame;
  };
  explicit WordPieces(const Parts& parts) : normalizer_(parts.normalizer), vocabulary_(parts.tokens, parts.model) {}

  void normalize(std::string_view text, std::string& result) const override { normalizer_.append(text, result); }
  void append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
              Memory* memory) const override;

 private:
  Normalizer normalizer_;
  Vocabulary vocabulary_;
};

}  // namespace graft::plugins
