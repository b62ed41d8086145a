#include "tokenizer.hpp"

#include <limits>

#include "../spaced_words.hpp"
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
  append_parts(text, end, ids, scratch);
  return finish(end, ids);
}

bool WordPieceTokenizer::append_words(std::string_view text, std::vector<std::int64_t>& ids, std::vector<std::int64_t>& first,
                                      Scratch& scratch) const {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = replace_ill_formed(text);
  const std::size_t begin = ids.size();
  ids.insert(ids.end(), before_.begin(), before_.end());
  const std::size_t end = ids.size() + max_tokens_;
  for (std::string_view word : spaced_words(text)) {
    const std::size_t before = ids.size();
    if (before <= end) append_parts(word, end, ids, scratch);
    const bool has_token = before < end && ids.size() > before;
    first.push_back(has_token ? static_cast<std::int64_t>(before - begin) : -1);
  }
  return finish(end, ids);
}

void WordPieceTokenizer::append_parts(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids,
                                      Scratch& scratch) const {
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
}

bool WordPieceTokenizer::finish(std::size_t end, std::vector<std::int64_t>& ids) const {
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
      append_pieces(part.text, end, ids);
    } else {
      ids.push_back(part.id);
    }
  }
}

// One id more than fits tells that the text is cut; the rest need not be looked at.
void WordPieceTokenizer::append_pieces(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids) const {
  for (Words words(text); ids.size() <= end && words.next();) vocabulary_.append(words.word(), ids);
}

}  // namespace graft::plugins
