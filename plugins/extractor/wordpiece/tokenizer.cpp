#include "tokenizer.hpp"

#include <limits>

#include "graft/error.hpp"
#include "graft/utf8.hpp"
#include "words.hpp"

namespace graft::plugins {
namespace {

std::vector<AddedToken> raw_tokens(const std::vector<AddedToken>& tokens) {
  std::vector<AddedToken> result;
  for (const AddedToken& token : tokens) {
    if (!token.normalized) result.push_back(token);
  }
  return result;
}

std::vector<AddedToken> normalized_tokens(const std::vector<AddedToken>& tokens, const Normalizer& normalizer) {
  std::vector<AddedToken> result;
  for (AddedToken token : tokens) {
    if (!token.normalized) continue;
    std::string content;
    normalizer.append(token.content, content);
    const std::string id = std::to_string(token.id);
    if (content.empty()) throw Error("graft/wordpiece", "an added token must not normalise to nothing, as that of id " + id);
    token.content = std::move(content);
    result.push_back(std::move(token));
  }
  return result;
}

std::size_t max_tokens(const WordPieceTokenizer::Settings& settings, std::size_t special_tokens) {
  if (settings.max_length == 0) return std::numeric_limits<std::size_t>::max() / 2;
  if (settings.max_length > special_tokens) return settings.max_length - special_tokens;
  throw Error("graft/wordpiece", "max_length must be above the number of special tokens, which is " +
                                     std::to_string(special_tokens) + ", got " + std::to_string(settings.max_length));
}

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(const Parts& parts, const Settings& settings)
    : normalizer_(parts.normalizer),
      vocabulary_(parts.tokens, parts.model),
      raw_tokens_(raw_tokens(parts.added_tokens)),
      normalized_tokens_(normalized_tokens(parts.added_tokens, normalizer_)) {
  if (settings.special_tokens) before_ = parts.before, after_ = parts.after;
  max_tokens_ = max_tokens(settings, before_.size() + after_.size());
}

bool WordPieceTokenizer::append(std::string_view text, std::vector<std::int64_t>& ids, Scratch& scratch) const {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = replace_ill_formed(text);
  ids.insert(ids.end(), before_.begin(), before_.end());
  const std::size_t end = ids.size() + max_tokens_;
  scratch.parts.clear();
  raw_tokens_.split(text, scratch.parts);
  for (const auto& part : scratch.parts) {
    if (ids.size() > end) break;
    if (part.id == AddedTokens::Part::kText) {
      append_text(part.text, end, ids, scratch);
    } else {
      ids.push_back(part.id);
    }
  }
  const bool is_cut = ids.size() > end;
  if (is_cut) ids.resize(end);
  ids.insert(ids.end(), after_.begin(), after_.end());
  return is_cut;
}

void WordPieceTokenizer::append_text(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids,
                                     Scratch& scratch) const {
  scratch.normalized.clear();
  normalizer_.append(text, scratch.normalized);
  scratch.inner_parts.clear();
  normalized_tokens_.split(scratch.normalized, scratch.inner_parts);
  for (const auto& part : scratch.inner_parts) {
    if (part.id == AddedTokens::Part::kText) {
      append_words(part.text, end, ids);
    } else {
      ids.push_back(part.id);
    }
  }
}

// One id more than fits tells that the text is cut; the rest need not be looked at.
void WordPieceTokenizer::append_words(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids) const {
  for (Words words(text); ids.size() <= end && words.next();) vocabulary_.append(words.word(), ids);
}

}  // namespace graft::plugins
