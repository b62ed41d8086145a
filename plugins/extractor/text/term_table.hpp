// TermTable: numbers distinct texts 0, 1, 2, ... in the order they first come. Open addressing; a text of up to 8 bytes is its own
// key, of a longer one the rest lies in one arena of bytes.
//
//   threads  find from any number while nobody adds
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class TermTable {
 public:
  std::int32_t add(std::string_view term);          // its number, a new one when it was not there
  std::int32_t find(std::string_view term) const {  // its number, -1 when it is not there
    return slots_[slot_of(term, start_of(term))].number;
  }
  std::string_view term(std::int32_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[static_cast<std::size_t>(number) - 1];
    return std::string_view(bytes_).substr(begin, ends_[static_cast<std::size_t>(number)] - begin);
  }
  std::int32_t size() const { return static_cast<std::int32_t>(ends_.size()); }

 private:
  struct Slot {
    std::uint64_t start = 0;  // the first 8 bytes
    std::uint32_t size = 0;
    std::int32_t number = -1;
  };

  static std::uint64_t start_of(std::string_view term) {
    std::uint64_t start = 0;
    std::memcpy(&start, term.data(), std::min<std::size_t>(term.size(), 8));
    return start;
  }
  static std::size_t hash_of(std::string_view term, std::uint64_t start) {
    const std::uint64_t own = term.size() > 8 ? std::hash<std::string_view>{}(term) : start + term.size();
    return static_cast<std::size_t>(own * 0x9E3779B97F4A7C15U >> 32);
  }
  bool is(const Slot& slot, std::string_view term, std::uint64_t start) const {
    return slot.start == start && slot.size == term.size() && (slot.size <= 8 || this->term(slot.number) == term);
  }
  std::size_t slot_of(std::string_view term, std::uint64_t start) const {  // where it is, or would go
    std::size_t at = hash_of(term, start) & (slots_.size() - 1);
    while (slots_[at].number >= 0 && !is(slots_[at], term, start)) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // a power of two, at most half full
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

}  // namespace graft::plugins
