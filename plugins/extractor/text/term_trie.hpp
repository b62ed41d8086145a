// TermTrie: numbers sequences of units, where a unit is a word or a character that has a number. A node is a sequence: its prefix's
// node and one unit more; kRoot is the empty one. A pair of words is found by one look at two numbers, and no bytes are compared.
//
//   threads  find from any number while nobody adds
#pragma once

#include <cstdint>
#include <vector>

namespace graft::plugins {

class TermTrie {
 public:
  static constexpr std::int32_t kRoot = 0, kNone = -1;

  std::int32_t add(std::int32_t prefix, std::int32_t unit) {  // its node, a new one when it was not there
    if (const std::int32_t node = find(prefix, unit); node != kNone) return node;
    return add_new(prefix, unit);
  }
  std::int32_t find(std::int32_t prefix, std::int32_t unit) const {  // its node, kNone when it is not there or prefix is kNone
    if (prefix == kNone) return kNone;
    if (prefix != kRoot) return slots_[slot_of(key_of(prefix, unit))].node;
    return static_cast<std::uint32_t>(unit) < first_.size() ? first_[static_cast<std::size_t>(unit)] : kNone;
  }
  void prefetch(std::int32_t prefix, std::int32_t unit) const { __builtin_prefetch(&slots_[slot_at(key_of(prefix, unit))]); }

  std::int32_t size() const { return static_cast<std::int32_t>(nodes_.size()); }  // nodes, kRoot among them
  std::int32_t prefix(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)].prefix; }
  std::int32_t unit(std::int32_t node) const { return nodes_[static_cast<std::size_t>(node)].unit; }

  // All nodes but kRoot, each after its prefix, those with one prefix by their unit's rank: the order of the sequences' texts, when
  // ranks [units] is the order of the units' texts.
  std::vector<std::int32_t> sorted(const std::vector<std::int32_t>& ranks) const;

 private:
  struct Node {
    std::int32_t prefix, unit;
  };
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t node = kNone;
  };

  static std::uint64_t key_of(std::int32_t prefix, std::int32_t unit) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(prefix)) << 32 | static_cast<std::uint32_t>(unit);
  }
  std::size_t slot_at(std::uint64_t key) const { return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15U >> shift_); }
  std::size_t slot_of(std::uint64_t key) const {  // where it is, or would go
    std::size_t at = slot_at(key);
    while (slots_[at].node != kNone && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  std::int32_t add_new(std::int32_t prefix, std::int32_t unit);
  void grow();

  std::vector<Node> nodes_ = {{kNone, 0}};
  std::vector<std::int32_t> first_;                       // by unit: the node of the unit alone
  std::vector<Slot> slots_ = std::vector<Slot>(1 << 10);  // of the longer ones; a power of two, at most half full
  int shift_ = 64 - 10;                                   // 64 less the bits of slots_'s size
};

}  // namespace graft::plugins
