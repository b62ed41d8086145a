#include "vocabulary.hpp"

#include <algorithm>
#include <bit>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

// A hash that grows with the text: all prefixes of a word are hashed in one pass over it.
constexpr std::uint64_t kEmptyState = 0x2545F4914F6CDD1D;

std::uint64_t extended(std::uint64_t state, char byte) { return (state ^ static_cast<unsigned char>(byte)) * 0x9E3779B97F4A7C15; }

std::uint64_t extended(std::uint64_t state, std::string_view text) {
  for (const char byte : text) state = extended(state, byte);
  return state;
}

std::uint32_t hash_of(std::uint64_t state) { return static_cast<std::uint32_t>(state >> 32); }

}  // namespace

Vocabulary::Vocabulary(const Tokens& tokens, const Options& options)
    : prefix_(options.continuing_subword_prefix),
      slots_(std::bit_ceil(2 * tokens.size() + 2)),
      prefix_state_(extended(kEmptyState, prefix_)),
      max_characters_(static_cast<std::size_t>(options.max_input_chars_per_word)) {
  for (const auto& [token, id] : tokens) insert(token, static_cast<std::int32_t>(id));
  unknown_ = find(options.unk_token);
  if (unknown_ == kNone) throw Error("graft/wordpiece", "unk_token must be in the vocabulary, got \"" + options.unk_token + "\"");
}

void Vocabulary::insert(std::string_view token, std::int32_t id) {
  const std::uint32_t hash = hash_of(extended(kEmptyState, token));
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].id != kNone) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(token.size()), id};
  bytes_ += token;
  longest_token_ = std::max(longest_token_, token.size());
}

// The id of prefix + rest, whose hash state is `state`.
std::int32_t Vocabulary::lookup(std::uint64_t state, std::string_view prefix, std::string_view rest) const {
  const std::uint32_t hash = hash_of(state);
  for (std::size_t at = hash & (slots_.size() - 1); slots_[at].id != kNone; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.hash != hash || slot.length != prefix.size() + rest.size()) continue;
    const std::string_view token = std::string_view(bytes_).substr(slot.begin, slot.length);
    if (token.starts_with(prefix) && token.substr(prefix.size()) == rest) return slot.id;
  }
  return kNone;
}

std::int32_t Vocabulary::find(std::string_view token) const { return lookup(extended(kEmptyState, token), {}, token); }

bool Vocabulary::is_too_long(std::string_view word) const {
  if (word.size() <= max_characters_) return false;
  const auto starts_character = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; };
  return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), starts_character)) > max_characters_;
}

// Tokens are whole characters, so that no token can end inside one: every byte may be tried.
Vocabulary::Piece Vocabulary::longest(std::string_view rest, std::string_view prefix, std::uint64_t state) const {
  Piece best;
  const std::size_t limit = std::min(rest.size(), longest_token_);
  for (std::size_t length = 1; length <= limit; ++length) {
    state = extended(state, rest[length - 1]);
    const std::int32_t id = lookup(state, prefix, rest.substr(0, length));
    if (id != kNone) best = {length, id};
  }
  return best;
}

bool Vocabulary::append_pieces(std::string_view word, std::vector<std::int64_t>& ids) const {
  for (std::size_t begin = 0; begin < word.size();) {
    const Piece piece = begin == 0 ? longest(word, {}, kEmptyState) : longest(word.substr(begin), prefix_, prefix_state_);
    if (piece.length == 0) return false;
    ids.push_back(piece.id);
    begin += piece.length;
  }
  return true;
}

void Vocabulary::append(std::string_view word, std::vector<std::int64_t>& ids) const {
  if (is_too_long(word)) return ids.push_back(unknown_);
  const std::int32_t whole = word.size() > longest_token_ ? kNone : find(word);
  if (whole != kNone) return ids.push_back(whole);
  const std::size_t before = ids.size();
  if (append_pieces(word, ids)) return;
  ids.resize(before);
  ids.push_back(unknown_);
}

}  // namespace graft::plugins
