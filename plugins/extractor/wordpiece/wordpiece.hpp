// WordPiece: text to the token ids of a BERT-like model, never padded.
//
//   rule      tokens as Hugging Face tokenizers 0.23 makes them from the same file, to the id; of a text longer than
//             max_length the first ones are kept, with the special tokens around them
//   column    [B]  text
//   result    Ragged of int64 [N], ids in [0, V); a text of 0 characters is its special tokens alone
//   words     where asked for, a column beside it: Ragged of int64, for each word between white space (spaced_words.hpp) the place of
//             its first token in the row; -1 for a word that was cut off or has no token. Each word is then tokenised by itself
//   warnings  "text cut at 128 tokens", once a text
//   source    Devlin et al. 2018, arXiv:1810.04805; Wu et al. 2016, arXiv:1609.08144
//   differs   the file's own truncation and padding are not used; ill-formed UTF-8 counts as U+FFFD
//   throws    Error when the file is not a WordPiece tokenizer, or asks for what graft does not know
#pragma once

#include <memory>
#include <string>

#include "graft/config.hpp"
#include "graft/extractor.hpp"
#include "tokenizer.hpp"

namespace graft::plugins {

class WordPiece final : public Extractor {
 public:
  explicit WordPiece(const Config& config);
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;  // reads the vocabulary; the rows are not looked at
  void transform(Batch& batch) const override;
  State state() const override;
  void restore(const State& state) override;

 private:
  void load(std::string kind, std::string text, const std::string& name);

  std::string column_, output_, words_, path_;  // words_: empty when nobody asks for them
  WordPieceTokenizer::Settings settings_;
  std::string kind_, text_;  // what was read: "tokenizer.json" or "vocab.txt", and its contents
  std::shared_ptr<const WordPieceTokenizer> tokenizer_;
};

}  // namespace graft::plugins
