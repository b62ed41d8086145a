#include "term_table.hpp"

#include <functional>

namespace graft::plugins {

std::string_view TermTable::term(std::int32_t number) const {
  const std::size_t begin = number == 0 ? 0 : ends_[static_cast<std::size_t>(number) - 1];
  return std::string_view(bytes_).substr(begin, ends_[static_cast<std::size_t>(number)] - begin);
}

std::size_t TermTable::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].number >= 0 && (slots_[at].hash != hash || term(slots_[at].number) != text)) at = (at + 1) & mask;
  return at;
}

std::int32_t TermTable::find(std::string_view term) const {
  return slots_[slot_of(term, std::hash<std::string_view>{}(term))].number;
}

std::int32_t TermTable::add(std::string_view term) {
  const std::uint64_t hash = std::hash<std::string_view>{}(term);
  const std::size_t at = slot_of(term, hash);
  if (slots_[at].number >= 0) return slots_[at].number;
  const std::int32_t number = size();
  slots_[at] = {hash, number};
  bytes_ += term;
  ends_.push_back(bytes_.size());
  if (ends_.size() * 2 > slots_.size()) grow();
  return number;
}

void TermTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].number >= 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace graft::plugins
