#include "unigram_model.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

constexpr double kUnknownPenalty = 10;

}  // namespace

UnigramModel::UnigramModel(const Tokens& tokens, std::int32_t unk_id, bool byte_fallback)
    : unknown_(unk_id), byte_fallback_(byte_fallback) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const auto& [token, score] : tokens) {
    trie_.add(token, static_cast<std::int32_t>(scores_.size()));
    scores_.push_back(score);
    lowest = std::min(lowest, score);
  }
  unknown_score_ = lowest - kUnknownPenalty;
  for (unsigned byte = 0; byte < 256; ++byte) {
    char name[8];
    std::snprintf(name, sizeof(name), "<0x%02X>", byte);
    bytes_[byte] = trie_.find(name);
  }
}

void UnigramModel::reach(std::size_t end, Ending candidate, Memory& memory) const {
  Ending& best = memory.endings[end];
  if (best.begin < 0 || candidate.score > best.score) best = candidate;
}

// Every token that starts at `begin`, and the unknown one where no token is just the character there.
void UnigramModel::go_on(std::string_view word, std::size_t begin, std::size_t character_end, Memory& memory) const {
  const double so_far = memory.endings[begin].score;
  const auto start = static_cast<std::int64_t>(begin);
  bool has_character = false;
  std::uint32_t node = PieceTrie::kRoot;
  for (std::size_t at = begin; at < word.size(); ++at) {
    if ((node = trie_.child(node, word[at])) == PieceTrie::kRoot) break;
    const std::int32_t id = trie_.id(node);
    if (id == PieceTrie::kNone) continue;
    reach(at + 1, {scores_[static_cast<std::size_t>(id)] + so_far, start, id}, memory);
    has_character = has_character || at + 1 == character_end;
  }
  if (!has_character) reach(character_end, {unknown_score_ + so_far, start, unknown_}, memory);
}

void UnigramModel::walk_back(std::size_t size, Memory& memory) const {
  memory.pieces.clear();
  for (std::size_t end = size; end > 0;) {
    const Ending& ending = memory.endings[end];
    const auto begin = static_cast<std::size_t>(ending.begin);
    const bool joins = ending.id == unknown_ && !memory.pieces.empty() && memory.pieces.back().id == unknown_;
    if (joins)
      memory.pieces.back().begin = begin;
    else
      memory.pieces.push_back({begin, end, ending.id});
    end = begin;
  }
  std::reverse(memory.pieces.begin(), memory.pieces.end());
}

void UnigramModel::append_unknown(std::string_view text, std::vector<std::int64_t>& ids) const {
  if (const std::int32_t id = trie_.find(text); id != PieceTrie::kNone) return ids.push_back(id);
  const auto token_of = [this](char byte) { return bytes_[static_cast<unsigned char>(byte)]; };
  const bool has_all =
      byte_fallback_ && std::all_of(text.begin(), text.end(), [&](char byte) { return token_of(byte) != PieceTrie::kNone; });
  if (!has_all) return ids.push_back(unknown_);
  for (const char byte : text) ids.push_back(token_of(byte));
}

void UnigramModel::append(std::string_view word, std::vector<std::int64_t>& ids, Memory& memory) const {
  memory.endings.assign(word.size() + 1, Ending{});
  for (std::size_t begin = 0, end = 0; begin < word.size(); begin = end) {
    next_code_point(word, end);
    go_on(word, begin, end, memory);
  }
  walk_back(word.size(), memory);
  for (const Piece& piece : memory.pieces) {
    if (piece.id == unknown_)
      append_unknown(word.substr(piece.begin, piece.end - piece.begin), ids);
    else
      ids.push_back(piece.id);
  }
}

}  // namespace graft::plugins
