// UnigramPieces: the part of Unigram in a TextTokenizer.
//
//   way      TextNormalizer -> SpaceWords -> UnigramModel
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include "../tokenizer/space_words.hpp"
#include "../tokenizer/text_normalizer.hpp"
#include "../tokenizer/text_tokenizer.hpp"
#include "unigram_model.hpp"

namespace graft::plugins {

class UnigramPieces final : public TextPieces {
 public:
  UnigramPieces(TextNormalizer normalizer, SpaceWords words, UnigramModel model)
      : normalizer_(std::move(normalizer)), words_(std::move(words)), model_(std::move(model)) {}

  std::unique_ptr<Memory> memory() const override;
  void normalize(std::string_view text, std::string& result) const override { normalizer_.append(text, result); }
  void append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
              Memory* memory) const override;

 private:
  struct Kept;  // the Memory of Unigram
  void append_word(std::string_view word, std::vector<std::int64_t>& ids, Kept& kept) const;

  TextNormalizer normalizer_;
  SpaceWords words_;
  UnigramModel model_;
};

}  // namespace graft::plugins
