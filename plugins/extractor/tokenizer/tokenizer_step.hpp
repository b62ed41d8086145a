// TokenizerStep: what the steps wordpiece, bpe and unigram share: text to the token ids of a TextTokenizer, never padded.
//
//   column    [B]  text
//   result    Ragged of int64 [N], ids in [0, V); a text of 0 characters is its special tokens alone
//   words     where asked for, a column beside it: Ragged of int64, for each word between white space (spaced_words.hpp) the place of
//             its first token in the row; -1 for a word that was cut off or has no token. Each word is then tokenised by itself
//   warnings  "text cut at 128 tokens", once a text
//   state     text "tokenizer.json" (or another kind of the step): the file as it was read
//   throws    Error(where) when the file is not such a tokenizer, or before fit
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"
#include "text_tokenizer.hpp"

namespace graft::plugins {

class TokenizerStep : public Extractor {
 public:
  TokenizerStep(const Config& config, std::string where);  // reads column, vocabulary, max_length, special_tokens, words
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;  // reads the file; the rows are not looked at
  void transform(Batch& batch) const override;
  State state() const override;
  void restore(const State& state) override;

 protected:
  static constexpr const char* kJsonFile = "tokenizer.json";
  using Settings = TextTokenizer::Settings;

  virtual std::vector<std::string> kinds() const;              // of files; default: tokenizer.json
  virtual std::string kind_of(const std::string& path) const;  // default: tokenizer.json, whatever the name
  virtual std::shared_ptr<const TextTokenizer> read(const std::string& kind, const std::string& text, const std::string& name,
                                                    const Settings& settings) const = 0;

 private:
  // Scratch memory between calls, for as many as run at once: words seen before stay known.
  struct Pool {
    std::mutex mutex;
    std::vector<TextTokenizer::Scratch> free;
  };

  void load(const std::string& kind, std::string text, const std::string& name);
  TextTokenizer::Scratch take_scratch() const;
  void give_back(TextTokenizer::Scratch scratch) const;

  std::string where_, column_, output_, words_, path_;  // words_: empty when nobody asks for them
  Settings settings_;
  std::string kind_, text_;  // what was read, and its contents
  std::shared_ptr<const TextTokenizer> tokenizer_;
  std::unique_ptr<Pool> pool_ = std::make_unique<Pool>();
};

}  // namespace graft::plugins
