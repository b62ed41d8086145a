// TermTable: numbers distinct texts 0, 1, 2, ... in the order they first come. Open addressing over one arena of bytes.
//
//   threads  find from any number while nobody adds
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class TermTable {
 public:
  std::int32_t add(std::string_view term);         // its number, a new one when it was not there
  std::int32_t find(std::string_view term) const;  // its number, -1 when it is not there
  std::string_view term(std::int32_t number) const;
  std::int32_t size() const { return static_cast<std::int32_t>(ends_.size()); }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t number = -1;
  };
  std::size_t slot_of(std::string_view term, std::uint64_t hash) const;  // where it is, or would go
  void grow();

  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // a power of two, at most half full
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

}  // namespace graft::plugins
