// BpePieces: the part of BPE in a TextTokenizer.
//
//   way      TextNormalizer, then byte level: a space before the text where asked for -> ByteLevelWords -> each byte as a character ->
//            BpeModel; else: SpaceWords -> BpeModel
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include "../tokenizer/space_words.hpp"
#include "../tokenizer/text_normalizer.hpp"
#include "../tokenizer/text_tokenizer.hpp"
#include "../tokenizer/word_cache.hpp"
#include "bpe_model.hpp"

namespace graft::plugins {

class BpePieces final : public TextPieces {
 public:
  struct Options {
    bool is_byte_level = false, add_prefix_space = false, use_regex = true;  // of the pre-tokenizer ByteLevel
  };
  // words: where the pre-tokenizer is not ByteLevel
  BpePieces(TextNormalizer normalizer, const Options& options, SpaceWords words, BpeModel model)
      : normalizer_(std::move(normalizer)), options_(options), words_(std::move(words)), model_(std::move(model)) {}

  std::unique_ptr<Memory> memory() const override;
  void normalize(std::string_view text, std::string& result) const override { normalizer_.append(text, result); }
  void append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
              Memory* memory) const override;

 private:
  struct Kept;  // the Memory of BPE
  void append_word(std::string_view word, std::vector<std::int64_t>& ids, Kept& kept) const;

  TextNormalizer normalizer_;
  Options options_;
  SpaceWords words_;
  BpeModel model_;
};

}  // namespace graft::plugins
