#include "word_cache.hpp"

#include <algorithm>
#include <cstring>

namespace graft::plugins {
namespace {

std::uint64_t mixed(std::uint64_t state, std::uint64_t value) {
  const std::uint64_t product = (state ^ value) * 0x9E3779B97F4A7C15;
  return product ^ product >> 32;
}

template <class Number>
std::uint64_t loaded(const char* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

// 1 to 7 bytes as one number, without a loop: two reads may overlap.
std::uint64_t short_number(const char* bytes, std::size_t count) {
  if (count >= 4) return loaded<std::uint32_t>(bytes) | loaded<std::uint32_t>(bytes + count - 4) << 32;
  return loaded<std::uint8_t>(bytes) | loaded<std::uint8_t>(bytes + count / 2) << 8 |
         loaded<std::uint8_t>(bytes + count - 1) << 16;
}

}  // namespace

std::uint64_t word_hash(std::string_view word) {
  std::uint64_t state = word.size();
  for (; word.size() >= 8; word.remove_prefix(8)) state = mixed(state, loaded<std::uint64_t>(word.data()));
  if (!word.empty()) state = mixed(state, short_number(word.data(), word.size()));
  return mixed(state, 0x2545F4914F6CDD1D);
}

std::span<const std::int64_t> WordCache::find(std::string_view word, std::uint64_t hash) const {
  for (std::size_t at = hash & (kSlots - 1); slots_[at].ids_count != 0; at = (at + 1) & (kSlots - 1)) {
    const Slot& slot = slots_[at];
    if (slot.hash != hash || slot.word_length != word.size()) continue;
    if (std::memcmp(bytes_.data() + slot.word_begin, word.data(), word.size()) == 0)
      return {ids_.data() + slot.ids_begin, slot.ids_count};
  }
  return {};
}

void WordCache::add(std::string_view word, std::uint64_t hash, std::span<const std::int64_t> ids) {
  if (word.size() > kLongest || ids.empty()) return;
  if (size_ == kMost) clear();
  std::size_t at = hash & (kSlots - 1);
  while (slots_[at].ids_count != 0) at = (at + 1) & (kSlots - 1);
  slots_[at] = {hash, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(ids_.size()),
                static_cast<std::uint16_t>(word.size()), static_cast<std::uint16_t>(ids.size())};
  bytes_ += word;
  ids_.insert(ids_.end(), ids.begin(), ids.end());
  ++size_;
}

void WordCache::clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  bytes_.clear();
  ids_.clear();
  size_ = 0;
}

}  // namespace graft::plugins
