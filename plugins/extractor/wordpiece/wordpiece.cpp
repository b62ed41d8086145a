#include "wordpiece.hpp"

#include "graft/error.hpp"
#include "tokenizer_file.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWordPiece = "graft/wordpiece";
constexpr const char* kTextFile = "vocab.txt";

}  // namespace

WordPiece::WordPiece(const Config& config) : TokenizerStep(config, kWordPiece) {}

std::vector<std::string> WordPiece::kinds() const { return {kJsonFile, kTextFile}; }

std::string WordPiece::kind_of(const std::string& path) const { return path.ends_with(".txt") ? kTextFile : kJsonFile; }

std::shared_ptr<const TextTokenizer> WordPiece::read(const std::string& kind, const std::string& text, const std::string& name,
                                                     const Settings& settings) const {
  const WordPieces::Parts parts = kind == kTextFile ? parse_vocabulary_text(text, name) : parse_tokenizer_json(text, name);
  return std::make_shared<const TextTokenizer>(std::make_unique<const WordPieces>(parts), parts.frame, settings, kWordPiece);
}

}  // namespace graft::plugins
