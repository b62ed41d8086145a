#include "unicode.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace graft::plugins::unicode {
namespace {

struct FlagRange {
  char32_t first, last;
  std::uint8_t flags;
};
struct ClassRange {
  char32_t first, last;
  std::uint8_t combining_class;
};
struct Lower {
  char32_t first, lower;
};
struct Decomposition {
  char32_t first, parts[4];
};

#include "unicode_tables.inc"

constexpr char32_t kHangulFirst = 0xAC00, kHangulLast = 0xD7A3;

// The last entry that starts at or before c; null when there is none.
template <class Entry, std::size_t n>
const Entry* entry_before(const Entry (&table)[n], char32_t c) {
  const auto after = std::upper_bound(std::begin(table), std::end(table), c,
                                      [](char32_t wanted, const Entry& entry) { return wanted < entry.first; });
  return after == std::begin(table) ? nullptr : std::prev(after);
}

std::vector<std::uint8_t> all_flags() {
  std::vector<std::uint8_t> all(0x110000);
  for (const auto& range : kFlagRanges) std::fill(&all[range.first], &all[range.last] + 1, range.flags);
  for (const auto& range : kCombiningClasses) {
    for (char32_t c = range.first; c <= range.last; ++c) all[c] |= kCombines;
  }
  for (const auto& entry : kLowercase) all[entry.first] |= kUppercase;
  for (const auto& entry : kDecompositions) all[entry.first] |= kDecomposes;
  for (char32_t c = kHangulFirst; c <= kHangulLast; ++c) all[c] |= kDecomposes;
  return all;
}

std::size_t decompose_hangul(char32_t c, char32_t (&parts)[4]) {
  const char32_t index = c - kHangulFirst;
  parts[0] = 0x1100 + index / 588;
  parts[1] = 0x1161 + index % 588 / 28;
  parts[2] = 0x11A7 + index % 28;
  return index % 28 == 0 ? 2 : 3;
}

}  // namespace

const std::uint8_t* flags() {
  static const std::vector<std::uint8_t> all = all_flags();
  return all.data();
}

// U+2B820 .. U+2B91F are ideographs as well; the reference leaves them out, and ids follow it.
bool is_cjk(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B73F) || (c >= 0x2B740 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

std::uint8_t combining_class(char32_t c) {
  const ClassRange* range = entry_before(kCombiningClasses, c);
  return range && c <= range->last ? range->combining_class : 0;
}

char32_t lowercase(char32_t c) {
  const Lower* entry = entry_before(kLowercase, c);
  return entry && entry->first == c ? entry->lower : c;
}

std::size_t decompose(char32_t c, char32_t (&parts)[4]) {
  if (c >= kHangulFirst && c <= kHangulLast) return decompose_hangul(c, parts);
  const Decomposition* entry = entry_before(kDecompositions, c);
  parts[0] = c;
  if (!entry || entry->first != c) return 1;
  std::copy(std::begin(entry->parts), std::end(entry->parts), parts);
  return static_cast<std::size_t>(std::find(parts, parts + 4, U'\0') - parts);
}

}  // namespace graft::plugins::unicode
