#include "text_tokenizer.hpp"

#include <limits>
#include <utility>

#include "../spaced_words.hpp"
#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

std::vector<AddedToken> raw_tokens(const std::vector<AddedToken>& tokens) {
  std::vector<AddedToken> result;
  for (const AddedToken& token : tokens) {
    if (!token.normalized) result.push_back(token);
  }
  return result;
}

std::vector<AddedToken> normalized_tokens(const std::vector<AddedToken>& tokens, const TextPieces& pieces,
                                          const std::string& where) {
  std::vector<AddedToken> result;
  for (AddedToken token : tokens) {
    if (!token.normalized) continue;
    std::string content;
    pieces.normalize(token.content, content);
    const std::string id = std::to_string(token.id);
    if (content.empty()) throw Error(where, "an added token must not normalise to nothing, as that of id " + id);
    token.content = std::move(content);
    result.push_back(std::move(token));
  }
  return result;
}

std::size_t max_tokens(const TextTokenizer::Settings& settings, std::size_t special_tokens, const std::string& where) {
  if (settings.max_length == 0) return std::numeric_limits<std::size_t>::max() / 2;
  if (settings.max_length > special_tokens) return settings.max_length - special_tokens;
  throw Error(where, "max_length must be above the number of special tokens, which is " + std::to_string(special_tokens) +
                         ", got " + std::to_string(settings.max_length));
}

}  // namespace

TextPieces::Memory::~Memory() = default;
TextPieces::~TextPieces() = default;
std::unique_ptr<TextPieces::Memory> TextPieces::memory() const { return nullptr; }

TextTokenizer::TextTokenizer(std::unique_ptr<const TextPieces> pieces, const Frame& frame, const Settings& settings,
                             const std::string& where)
    : pieces_(std::move(pieces)),
      raw_tokens_(raw_tokens(frame.added_tokens)),
      normalized_tokens_(normalized_tokens(frame.added_tokens, *pieces_, where)) {
  if (settings.special_tokens) before_ = frame.before, after_ = frame.after;
  max_tokens_ = max_tokens(settings, before_.size() + after_.size(), where);
}

TextTokenizer::Scratch TextTokenizer::scratch() const {
  Scratch scratch;
  scratch.memory = pieces_->memory();
  return scratch;
}

bool TextTokenizer::append(std::string_view text, std::vector<std::int64_t>& ids, Scratch& scratch) const {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = replace_ill_formed(text);
  ids.insert(ids.end(), before_.begin(), before_.end());
  const std::size_t end = ids.size() + max_tokens_;
  append_parts(text, end, ids, scratch);
  return finish(end, ids);
}

bool TextTokenizer::append_words(std::string_view text, std::vector<std::int64_t>& ids, std::vector<std::int64_t>& first,
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

// One id more than fits tells that the text is cut; the rest need not be looked at.
void TextTokenizer::append_parts(std::string_view text, std::size_t end, std::vector<std::int64_t>& ids, Scratch& scratch) const {
  scratch.parts.clear();
  raw_tokens_.split(text, scratch.parts);
  for (const auto& part : scratch.parts) {
    if (ids.size() > end) break;
    if (part.id == AddedTokens::Part::kText) {
      append_text(part.text, part.text.data() == text.data(), end, ids, scratch);
    } else {
      ids.push_back(part.id);
    }
  }
}

void TextTokenizer::append_text(std::string_view text, bool is_start, std::size_t end, std::vector<std::int64_t>& ids,
                                Scratch& scratch) const {
  scratch.normalized.clear();
  pieces_->normalize(text, scratch.normalized);
  scratch.inner_parts.clear();
  normalized_tokens_.split(scratch.normalized, scratch.inner_parts);
  for (const auto& part : scratch.inner_parts) {
    if (part.id == AddedTokens::Part::kText) {
      pieces_->append(part.text, is_start && part.text.data() == scratch.normalized.data(), end, ids, scratch.memory.get());
    } else {
      ids.push_back(part.id);
    }
  }
}

bool TextTokenizer::finish(std::size_t end, std::vector<std::int64_t>& ids) const {
  const bool is_cut = ids.size() > end;
  if (is_cut) ids.resize(end);
  ids.insert(ids.end(), after_.begin(), after_.end());
  return is_cut;
}

}  // namespace graft::plugins
