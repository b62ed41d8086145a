// Unigram: text to the token ids of a model with a Unigram vocabulary (XLM-R, ALBERT, T5), never padded.
//
//   rule      tokens as Hugging Face tokenizers 0.23 makes them from the same file, to the id; of a text longer than
//             max_length the first ones are kept, with the special tokens around them
//   columns   what it reads, makes and warns of, see ../tokenizer/tokenizer_step.hpp
//   source    Kudo 2018, arXiv:1804.10959; Kudo and Richardson 2018, arXiv:1808.06226 (SentencePiece)
//   differs   the file's own truncation and padding are not used; ill-formed UTF-8 counts as U+FFFD
//   throws    Error when the file is not a Unigram tokenizer, or asks for what graft does not know
#pragma once

#include <memory>
#include <string>

#include "../tokenizer/tokenizer_step.hpp"

namespace graft::plugins {

class Unigram final : public TokenizerStep {
 public:
  explicit Unigram(const Config& config);

 private:
  std::shared_ptr<const TextTokenizer> read(const std::string& kind, const std::string& text, const std::string& name,
                                            const Settings& settings) const override;
};

}  // namespace graft::plugins
