#include "word_dropout.hpp"

#include "../text_ops/draws.hpp"

namespace graft::plugins {

WordDropout::WordDropout(const Config& config) : TextEdit(config, "graft/word_dropout"), rate_(config.number("rate")) {
  if (config.has("placeholder")) placeholder_ = config.text("placeholder");
}

std::string WordDropout::edited(const std::string& text, Rng& draws) const {
  std::vector<EditWord> words = words_of(text);
  delete_some(words, places_where(words, [](const EditWord& word) { return !word.core.empty(); }), rate_, draws);
  if (placeholder_)
    for (EditWord& word : words)
      if (word.deleted) word.core = *placeholder_, word.deleted = false;
  return text_of(words);
}

}  // namespace graft::plugins
