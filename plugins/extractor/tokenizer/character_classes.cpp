#include "character_classes.hpp"

#include <algorithm>
#include <vector>

namespace graft::plugins {
namespace {

struct CharacterRange {
  char32_t first, last;
  std::uint8_t value;
};

#include "character_classes.inc"

std::vector<CharacterClass> all_classes() {
  std::vector<CharacterClass> all(0x110000);
  for (const auto& range : kCharacterRanges)
    std::fill(&all[range.first], &all[range.last] + 1, static_cast<CharacterClass>(range.value));
  return all;
}

}  // namespace

const CharacterClass* character_classes() {
  static const std::vector<CharacterClass> all = all_classes();
  return all.data();
}

}  // namespace graft::plugins
