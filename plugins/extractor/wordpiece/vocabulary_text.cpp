#include <algorithm>
#include <unordered_set>

#include "graft/error.hpp"
#include "tokenizer_file.hpp"
#include "../tokenizer/unicode.hpp"

namespace graft::plugins {
namespace {

using Parts = WordPieces::Parts;

std::string_view without_end_space(std::string_view line) {
  const auto is_space = [](char byte) {
    return static_cast<unsigned char>(byte) < 0x80 && (unicode::flags()[static_cast<unsigned char>(byte)] & unicode::kSpace);
  };
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

Vocabulary::Tokens read_lines(std::string_view text, const std::string& name) {
  Vocabulary::Tokens tokens;
  std::unordered_set<std::string> seen;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string token(without_end_space(text.substr(0, end)));
    if (!seen.insert(token).second) {
      throw Error("graft/wordpiece",
                  name + ":" + std::to_string(tokens.size() + 1) + ": a token must be listed once, got \"" + token + "\" again");
    }
    tokens.emplace_back(token, static_cast<std::int64_t>(tokens.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return tokens;
}

const std::int64_t* id_of(const Vocabulary::Tokens& tokens, std::string_view wanted) {
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const auto& token) { return token.first == wanted; });
  return found == tokens.end() ? nullptr : &found->second;
}

std::int64_t required_id(const Vocabulary::Tokens& tokens, const std::string& wanted, const std::string& name) {
  if (const std::int64_t* id = id_of(tokens, wanted)) return *id;
  throw Error("graft/wordpiece",
              name + ": must list " + wanted + ", got " + std::to_string(tokens.size()) + " tokens without it");
}

}  // namespace

Parts parse_vocabulary_text(const std::string& text, const std::string& name) {
  Parts parts;
  parts.tokens = read_lines(text, name);
  required_id(parts.tokens, parts.model.unk_token, name);
  parts.frame.before = {required_id(parts.tokens, "[CLS]", name)};
  parts.frame.after = {required_id(parts.tokens, "[SEP]", name)};
  for (const char* special : {"[UNK]", "[SEP]", "[CLS]", "[PAD]", "[MASK]"}) {
    if (const std::int64_t* id = id_of(parts.tokens, special))
      parts.frame.added_tokens.push_back({.content = special, .id = *id});
  }
  return parts;
}

}  // namespace graft::plugins
