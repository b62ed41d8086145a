// WordCache: ids of words seen before, for one caller. Of bounded size: once full it starts afresh.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

std::uint64_t word_hash(std::string_view word);  // fast on short words

class WordCache {
 public:
  static constexpr std::size_t kLongest = 48;  // bytes of a word that is worth keeping

  // The ids of the word; null data() when it is not there. Good until the next add().
  std::span<const std::int64_t> find(std::string_view word, std::uint64_t hash) const;
  void add(std::string_view word, std::uint64_t hash, std::span<const std::int64_t> ids);  // a word that is not there; some id

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t word_begin = 0, ids_begin = 0;
    std::uint16_t word_length = 0, ids_count = 0;  // no ids: free
  };
  static constexpr std::size_t kSlots = 1 << 16, kMost = kSlots / 2;

  void clear();

  std::vector<Slot> slots_ = std::vector<Slot>(kSlots);
  std::string bytes_;
  std::vector<std::int64_t> ids_;
  std::size_t size_ = 0;
};

}  // namespace graft::plugins
