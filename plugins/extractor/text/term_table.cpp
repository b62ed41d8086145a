#include "term_table.hpp"

namespace graft::plugins {

std::int32_t TermTable::add(std::string_view term) {
  const std::uint64_t start = start_of(term);
  Slot& slot = slots_[slot_of(term, start)];
  if (slot.number >= 0) return slot.number;
  const std::int32_t number = size();
  slot = {start, static_cast<std::uint32_t>(term.size()), number};
  bytes_ += term;
  ends_.push_back(bytes_.size());
  if (ends_.size() * 2 > slots_.size()) grow();
  return number;
}

void TermTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old)
    if (slot.number >= 0) slots_[slot_of(term(slot.number), slot.start)] = slot;
}

}  // namespace graft::plugins
