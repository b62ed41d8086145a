// BpePieces: the part of BPE in a TextTokenizer.
//
//   way      byte level: a space before the text where asked for -> ByteLevelWords -> each byte as a character -> BpeModel
//            else: the whole text -> BpeModel
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include "../tokenizer/text_tokenizer.hpp"
#include "../tokenizer/word_cache.hpp"
#include "bpe_model.hpp"

namespace graft::plugins {

class BpePieces final : public TextPieces {
 public:
  struct Options {
    bool is_byte_level = false, add_prefix_space = false, use_regex = true;  // of the pre-tokenizer ByteLevel
  };
  BpePieces(const Options& options, BpeModel model) : options_(options), model_(std::move(model)) {}

  std::unique_ptr<Memory> memory() const override;
  void normalize(std::string_view text, std::string& result) const override { result += text; }
  void append(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
              Memory* memory) const override;

 private:
  struct Kept;  // the Memory of BPE
  void append_word(std::string_view word, std::vector<std::int64_t>& ids, Kept& kept) const;

  Options options_;
  BpeModel model_;
};

}  // namespace graft::plugins
