// WordPiece: text to the token ids of a BERT-like model, never padded.
//
//   rule      tokens as Hugging Face tokenizers 0.23 makes them from the same file, to the id; of a text longer than
//             max_length the first ones are kept, with the special tokens around them
//   columns   what it reads, makes and warns of, see ../tokenizer/tokenizer_step.hpp
//   source    Devlin et al. 2018, arXiv:1810.04805; Wu et al. 2016, arXiv:1609.08144
//   differs   the file's own truncation and padding are not used; ill-formed UTF-8 counts as U+FFFD
//   throws    Error when the file is not a WordPiece tokenizer, or asks for what graft does not know
#pragma once

#include <memory>
#include <string>

#include "../tokenizer/tokenizer_step.hpp"

namespace graft::plugins {

class WordPiece final : public TokenizerStep {
 public:
  explicit WordPiece(const Config& config);

 private:
  std::vector<std::string> kinds() const override;
  std::string kind_of(const std::string& path) const override;
  std::shared_ptr<const TextTokenizer> read(const std::string& kind, const std::string& text, const std::string& name,
                                            const Settings& settings) const override;
};

}  // namespace graft::plugins
