#include "added_tokens.hpp"

#include <algorithm>
#include <utility>

#include "graft/utf8.hpp"
#include "unicode.hpp"

namespace graft::plugins {
namespace {

std::size_t previous_start(std::string_view text, std::size_t end) {
  do {
    --end;
  } while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80);
  return end;
}

std::uint8_t flags_at(std::string_view text, std::size_t begin) { return unicode::flags()[next_code_point(text, begin)]; }

bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && (flags_at(text, previous_start(text, begin)) & unicode::kWord)) return false;
  return end == text.size() || !(flags_at(text, end) & unicode::kWord);
}

std::size_t without_space_before(std::string_view text, std::size_t begin) {
  while (begin > 0) {
    const std::size_t previous = previous_start(text, begin);
    if (!(flags_at(text, previous) & unicode::kSpace)) break;
    begin = previous;
  }
  return begin;
}

std::size_t after_space(std::string_view text, std::size_t end) {
  while (end < text.size() && (flags_at(text, end) & unicode::kSpace)) next_code_point(text, end);
  return end;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const AddedToken& a, const AddedToken& b) { return a.content.size() > b.content.size(); });
  for (const AddedToken& token : tokens_) starts_[static_cast<unsigned char>(token.content[0])] = true;
}

const AddedToken* AddedTokens::match_at(std::string_view text, std::size_t begin) const {
  const auto matches = [&](const AddedToken& token) { return text.substr(begin).starts_with(token.content); };
  const auto found = std::find_if(tokens_.begin(), tokens_.end(), matches);
  return found == tokens_.end() ? nullptr : &*found;
}

// As in the reference, the search goes on right behind a match, even where rstrip took the space that the next one starts with.
void AddedTokens::split(std::string_view text, std::vector<Part>& parts) const {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!starts_[static_cast<unsigned char>(text[at])]) continue;
    const AddedToken* token = match_at(text, at);
    if (!token) continue;
    std::size_t begin = at, end = at + token->content.size();
    at = end - 1;
    if (token->single_word && !stands_alone(text, begin, end)) continue;
    if (token->lstrip) begin = without_space_before(text, begin);
    if (token->rstrip) end = after_space(text, end);
    if (done < begin) parts.push_back({text.substr(done, begin - done)});
    parts.push_back({{}, token->id});
    done = end;
  }
  if (done < text.size()) parts.push_back({text.substr(done)});
}

}  // namespace graft::plugins
