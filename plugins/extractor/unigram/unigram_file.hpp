// Reads the parts of a Unigram tokenizer from the text of a tokenizer.json.
//
//   known    version "1.0"; normalizers as ../tokenizer/text_normalizer.hpp says, pre-tokenizers as space_words.hpp beside it; the
//            model Unigram; added tokens and post-processor as tokenizer_json.hpp there says. All else is refused.
//   throws   Error("graft/unigram", "name:line:column: rule, value")
#pragma once

#include <memory>
#include <string>

#include "../tokenizer/text_tokenizer.hpp"

namespace graft::plugins {

std::shared_ptr<const TextTokenizer> parse_unigram(const std::string& text, const std::string& name,
                                                   const TextTokenizer::Settings& settings);

}  // namespace graft::plugins
