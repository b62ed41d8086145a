#include "bpe_model.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

std::uint64_t pair_of(std::int32_t left, std::int32_t right) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 | static_cast<std::uint32_t>(right);
}

std::size_t slot_hash(std::uint64_t pair) { return static_cast<std::size_t>((pair * 0x9E3779B97F4A7C15) >> 32); }

// The heap's order: the last to be merged comes first.
bool is_later(const BpeModel::Candidate& a, const BpeModel::Candidate& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.place > b.place;
}

std::int32_t add_symbol(std::int32_t id, std::vector<BpeModel::Symbol>& symbols) {
  const auto place = static_cast<std::int32_t>(symbols.size());
  if (place > 0) symbols.back().next = place;
  symbols.push_back({id, place - 1, -1, false});
  return place;
}

}  // namespace

BpeModel::BpeModel(const Tokens& tokens, const Merges& merges, Options options)
    : options_(std::move(options)), slots_(std::bit_ceil(2 * merges.size() + 2)) {
  for (const auto& [token, id] : tokens) {
    tokens_.add(token);
    ids_.push_back(static_cast<std::int32_t>(id));
  }
  std::int32_t rank = 0;
  for (const auto& [left, right] : merges) {
    const std::uint64_t pair = pair_of(required(left, "a merge"), required(right, "a merge"));
    const std::size_t skipped = std::min(options_.continuing_subword_prefix.size(), right.size());
    insert(pair, {rank++, required(left + right.substr(skipped), "what a merge makes")});
  }
  if (options_.unk_token) unknown_ = required(*options_.unk_token, "unk_token");
}

std::int32_t BpeModel::find(std::string_view token) const {
  const std::int32_t number = tokens_.find(token);
  return number < 0 ? kNone : ids_[static_cast<std::size_t>(number)];
}

std::int32_t BpeModel::required(const std::string& token, const char* what) const {
  const std::int32_t id = find(token);
  if (id == kNone) throw Error("tokenizer.json", std::string(what) + " must be in the vocabulary, got \"" + token + "\"");
  return id;
}

// Of a pair that is listed twice the last one counts.
void BpeModel::insert(std::uint64_t pair, Merge merge) {
  std::size_t at = slot_hash(pair) & (slots_.size() - 1);
  while (slots_[at].merge.id != kNone && slots_[at].pair != pair) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = {pair, merge};
}

const BpeModel::Merge* BpeModel::merge_of(std::int32_t left, std::int32_t right) const {
  const std::uint64_t pair = pair_of(left, right);
  std::size_t at = slot_hash(pair) & (slots_.size() - 1);
  for (; slots_[at].merge.id != kNone; at = (at + 1) & (slots_.size() - 1))
    if (slots_[at].pair == pair) return &slots_[at].merge;
  return nullptr;
}

bool BpeModel::add_bytes(std::string_view character, Memory& memory) const {
  const std::size_t before = memory.symbols.size();
  for (const char byte : character) {
    char name[8];
    std::snprintf(name, sizeof(name), "<0x%02X>", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    const std::int32_t id = find(name);
    if (id == kNone) {
      memory.symbols.resize(before);
      if (before > 0) memory.symbols.back().next = -1;
      return false;
    }
    add_symbol(id, memory.symbols);
  }
  return true;
}

// An unknown character waits for the next one that is known. Bytes do not end the wait: the reference has them go before it.
void BpeModel::start(std::string_view word, Memory& memory) const {
  memory.symbols.clear();
  bool is_waiting = false;
  for (std::size_t begin = 0, end = 0; begin < word.size(); begin = end) {
    next_code_point(word, end);
    memory.key.clear();
    if (begin > 0) memory.key += options_.continuing_subword_prefix;
    memory.key += word.substr(begin, end - begin);
    if (end == word.size()) memory.key += options_.end_of_word_suffix;
    const std::int32_t id = find(memory.key);
    if (id == kNone && options_.byte_fallback && add_bytes(memory.key, memory)) continue;
    if (id == kNone && unknown_ == kNone) continue;
    if (is_waiting && (id != kNone || !options_.fuse_unk)) add_symbol(unknown_, memory.symbols);
    is_waiting = id == kNone;
    if (id != kNone) add_symbol(id, memory.symbols);
  }
  if (is_waiting) add_symbol(unknown_, memory.symbols);
}

void BpeModel::push_candidate(std::int32_t place, Memory& memory) const {
  if (place < 0 || memory.symbols[place].next < 0) return;
  const Symbol& left = memory.symbols[place];
  const Merge* merge = merge_of(left.id, memory.symbols[left.next].id);
  if (!merge) return;
  memory.queue.push_back({merge->rank, place, merge->id});
  std::push_heap(memory.queue.begin(), memory.queue.end(), is_later);
}

// A candidate whose neighbours changed since is passed over, unless they make the same token now: the reference's rule.
void BpeModel::join(const Candidate& candidate, Memory& memory) const {
  Symbol& left = memory.symbols[candidate.place];
  if (left.is_gone || left.next < 0) return;
  Symbol& right = memory.symbols[left.next];
  const Merge* merge = merge_of(left.id, right.id);
  if (!merge || merge->id != candidate.id) return;
  left.id = candidate.id;
  left.next = right.next;
  right.is_gone = true;
  if (left.next >= 0) memory.symbols[left.next].previous = candidate.place;
  push_candidate(left.previous, memory);
  push_candidate(candidate.place, memory);
}

void BpeModel::append(std::string_view word, std::vector<std::int64_t>& ids, Memory& memory) const {
  if (options_.ignore_merges) {
    if (const std::int32_t whole = find(word); whole != kNone) return ids.push_back(whole);
  }
  start(word, memory);
  memory.queue.clear();
  for (std::size_t place = 0; place < memory.symbols.size(); ++place) push_candidate(static_cast<std::int32_t>(place), memory);
  while (!memory.queue.empty()) {
    std::pop_heap(memory.queue.begin(), memory.queue.end(), is_later);
    const Candidate best = memory.queue.back();
    memory.queue.pop_back();
    join(best, memory);
  }
  for (const Symbol& symbol : memory.symbols)
    if (!symbol.is_gone) ids.push_back(symbol.id);
}

}  // namespace graft::plugins
