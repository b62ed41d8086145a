// Bpe: text to the token ids of a model with byte-pair encoding (GPT-2, RoBERTa), never padded.
//
//   rule      tokens as Hugging Face tokenizers 0.23 makes them from the same file, to the id; of a text longer than
//             max_length the first ones are kept, with the special tokens around them
//   columns   what it reads, makes and warns of, see ../tokenizer/tokenizer_step.hpp
//   source    Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019 (byte level)
//   differs   the file's own truncation and padding are not used; ill-formed UTF-8 counts as U+FFFD
//   throws    Error when the file is not a BPE tokenizer, or asks for what graft does not know
#pragma once

#include <memory>
#include <string>

#include "../tokenizer/tokenizer_step.hpp"

namespace graft::plugins {

class Bpe final : public TokenizerStep {
 public:
  explicit Bpe(const Config& config);

 private:
  std::shared_ptr<const TextTokenizer> read(const std::string& kind, const std::string& text, const std::string& name,
                                            const Settings& settings) const override;
};

}  // namespace graft::plugins
