// PieceTrie: the tokens of a vocabulary by their bytes, to be found one inside the other from a place in a text.
//
//   threads  walks from any number while nobody adds
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace graft::plugins {

class PieceTrie {
 public:
  static constexpr std::int32_t kNone = -1;
  static constexpr std::uint32_t kRoot = 0;

  void add(std::string_view piece, std::int32_t id);         // of a piece added twice the last id counts
  std::uint32_t child(std::uint32_t node, char byte) const;  // kRoot: there is none
  std::int32_t id(std::uint32_t node) const { return ids_[node]; }
  std::int32_t find(std::string_view piece) const;

 private:
  struct Slot {
    std::uint32_t node = 0, child = 0;  // child 0: free
    std::uint8_t byte = 0;
  };
  std::size_t slot_of(std::uint32_t node, char byte) const;  // where the child is, or would go
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // a power of two, at most half full
  std::vector<std::int32_t> ids_ = {kNone};            // by node
};

}  // namespace graft::plugins
