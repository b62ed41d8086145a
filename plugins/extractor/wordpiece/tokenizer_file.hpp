// Reads the parts of a WordPieceTokenizer from the text of a file.
//
//   tokenizer.json  version "1.0"; BertNormalizer, BertPreTokenizer, WordPiece, TemplateProcessing or BertProcessing or none;
//                   added_tokens. `truncation`, `padding` and `decoder` are not read: the config says how long, rows are
//                   never padded. Everything else that the file may ask for is refused.
//   vocab.txt       a token a line, its id the line's number from 0; BERT's defaults for all else: lower case, no accents,
//                   [CLS] text [SEP]
//   throws          Error("graft/wordpiece", "name:line:column: rule, value")
#pragma once

#include <string>

#include "tokenizer.hpp"

namespace graft::plugins {

WordPieceTokenizer::Parts parse_tokenizer_json(const std::string& text, const std::string& name);
WordPieceTokenizer::Parts parse_vocabulary_text(const std::string& text, const std::string& name);

}  // namespace graft::plugins
