#include "graphemes.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

enum Break : std::uint8_t {
  kAny,
  kCr,
  kLf,
  kControl,
  kExtend,
  kJoiner,
  kRegional,
  kPrepend,
  kSpacing,
  kLead,
  kVowel,
  kTail,
  kLeadVowel,
  kLeadVowelTail,
  kPictographic,
  kBreakMask = 31,
  kConsonant = 32,
  kLinker = 64  // the last two beside one of the others
};

struct GraphemeRange {
  char32_t first, last;
  std::uint8_t value;
};

#include "graphemes.inc"

std::vector<std::uint8_t> all_breaks() {
  std::vector<std::uint8_t> all(0x110000);
  for (const auto& range : kGraphemeRanges) std::fill(&all[range.first], &all[range.last] + 1, range.value);
  for (char32_t c = 0xAC00; c <= 0xD7A3; ++c) all[c] = (c - 0xAC00) % 28 == 0 ? kLeadVowel : kLeadVowelTail;
  return all;
}

// What the code points of a grapheme so far tell about the next one.
struct Seen {
  std::uint8_t last = kAny;
  bool is_pictographic = false;                  // a pictograph, then marks only
  bool is_conjunct = false, has_linker = false;  // a consonant, then marks only; a linker among them
  bool is_odd_regional = false;

  void add(std::uint8_t value, char32_t c) {
    const auto kind = static_cast<Break>(value & kBreakMask);
    const bool is_mark = kind == kExtend || kind == kJoiner;
    is_pictographic = kind == kPictographic || (is_pictographic && is_mark && last != kJoiner);
    has_linker = !(value & kConsonant) && ((value & kLinker) != 0 || has_linker);
    is_conjunct = (value & kConsonant) != 0 || (is_conjunct && is_mark && c != 0x200C);
    is_odd_regional = kind == kRegional && !is_odd_regional;
    last = kind;
  }
};

bool joins_hangul(std::uint8_t a, std::uint8_t b) {
  if (a == kLead) return b == kLead || b == kVowel || b == kLeadVowel || b == kLeadVowelTail;
  if (a == kLeadVowel || a == kVowel) return b == kVowel || b == kTail;
  return (a == kLeadVowelTail || a == kTail) && b == kTail;
}

bool joins(const Seen& seen, std::uint8_t value) {
  const std::uint8_t a = seen.last, b = value & kBreakMask;
  if (a == kCr && b == kLf) return true;
  if (a == kCr || a == kLf || a == kControl || b == kCr || b == kLf || b == kControl) return false;
  if (b == kExtend || b == kJoiner || b == kSpacing || a == kPrepend || joins_hangul(a, b)) return true;
  if (seen.is_conjunct && seen.has_linker && (value & kConsonant)) return true;
  if (a == kJoiner && seen.is_pictographic && b == kPictographic) return true;
  return a == kRegional && b == kRegional && seen.is_odd_regional;
}

}  // namespace

std::size_t grapheme_end(std::string_view text, std::size_t begin) {
  static const std::vector<std::uint8_t> breaks = all_breaks();
  Seen seen;
  std::size_t end = begin;
  const char32_t first = next_code_point(text, end);
  seen.add(breaks[first], first);
  for (std::size_t after = end; end < text.size(); end = after) {
    const char32_t c = next_code_point(text, after);
    if (!joins(seen, breaks[c])) break;
    seen.add(breaks[c], c);
  }
  return end;
}

}  // namespace graft::plugins
