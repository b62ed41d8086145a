// Reads the parts of a WordPiece tokenizer from the text of a file.
//
//   tokenizer.json  version "1.0"; BertNormalizer, BertPreTokenizer, WordPiece; added tokens and post-processor as
//                   ../tokenizer/tokenizer_json.hpp says. Everything else that the file may ask for is refused.
//   vocab.txt       a token a line, its id the line's number from 0; BERT's defaults for all else: lower case, no accents,
//                   [CLS] text [SEP]
//   throws          Error("graft/wordpiece", "name:line:column: rule, value")
#pragma once

#include <string>

#include "pieces.hpp"

namespace graft::plugins {

WordPieces::Parts parse_tokenizer_json(const std::string& text, const std::string& name);
WordPieces::Parts parse_vocabulary_text(const std::string& text, const std::string& name);

}  // namespace graft::plugins
