#include "piece_trie.hpp"

namespace graft::plugins {

std::size_t PieceTrie::slot_of(std::uint32_t node, char byte) const {
  const std::uint64_t key = std::uint64_t{node} << 8 | static_cast<std::uint8_t>(byte);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15) >> 32) & mask;
  while (slots_[at].child != 0 && (slots_[at].node != node || slots_[at].byte != static_cast<std::uint8_t>(byte)))
    at = (at + 1) & mask;
  return at;
}

std::uint32_t PieceTrie::child(std::uint32_t node, char byte) const { return slots_[slot_of(node, byte)].child; }

void PieceTrie::add(std::string_view piece, std::int32_t id) {
  std::uint32_t node = kRoot;
  for (const char byte : piece) {
    Slot& slot = slots_[slot_of(node, byte)];
    if (slot.child == 0) {
      slot = {node, static_cast<std::uint32_t>(ids_.size()), static_cast<std::uint8_t>(byte)};
      ids_.push_back(kNone);
    }
    node = slot.child;
    if (ids_.size() * 2 > slots_.size()) grow();
  }
  ids_[node] = id;
}

void PieceTrie::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old)
    if (slot.child != 0) slots_[slot_of(slot.node, static_cast<char>(slot.byte))] = slot;
}

std::int32_t PieceTrie::find(std::string_view piece) const {
  std::uint32_t node = kRoot;
  for (const char byte : piece)
    if ((node = child(node, byte)) == kRoot) return kNone;
  return ids_[node];
}

}  // namespace graft::plugins
