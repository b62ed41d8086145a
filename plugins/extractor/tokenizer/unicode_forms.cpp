#include "unicode_forms.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "graft/utf8.hpp"
#include "unicode.hpp"

namespace graft::plugins {
namespace {

struct Compatible {
  char32_t first, begin, count;  // its parts: kCompatibleParts[begin .. begin + count)
};
struct Composed {
  char32_t first, second, composite;
};
struct MarkRange {
  char32_t first, last;
};

#include "unicode_forms.inc"

constexpr char32_t kLeads = 0x1100, kVowels = 0x1161, kTails = 0x11A7, kSyllables = 0xAC00;

bool add_compatible(char32_t c, std::u32string& parts) {
  const auto entry = std::lower_bound(std::begin(kCompatible), std::end(kCompatible), c,
                                      [](const Compatible& each, char32_t wanted) { return each.first < wanted; });
  if (entry == std::end(kCompatible) || entry->first != c) return false;
  parts.append(kCompatibleParts + entry->begin, entry->count);
  return true;
}

void add_decomposed(char32_t c, bool is_compatible, std::u32string& parts) {
  if (is_compatible && add_compatible(c, parts)) return;
  if (!(unicode::flags()[c] & unicode::kDecomposes)) return parts.push_back(c);
  char32_t canonical[4];
  parts.append(canonical, unicode::decompose(c, canonical));
}

bool is_starter(char32_t c) { return !(unicode::flags()[c] & unicode::kCombines); }

void sort_marks(std::u32string& text) {
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    std::size_t end = begin;
    while (end < text.size() && !is_starter(text[end])) ++end;
    std::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char32_t a, char32_t b) { return unicode::combining_class(a) < unicode::combining_class(b); });
    begin = std::max(begin, end);
  }
}

// The composite of two characters; 0 when there is none.
char32_t composed_hangul(char32_t a, char32_t b) {
  if (a >= kLeads && a < kLeads + 19 && b >= kVowels && b < kVowels + 21)
    return kSyllables + ((a - kLeads) * 21 + (b - kVowels)) * 28;
  if (a >= kSyllables && a < kSyllables + 11172 && (a - kSyllables) % 28 == 0 && b > kTails && b < kTails + 28)
    return a + (b - kTails);
  return 0;
}

char32_t composed_pair(char32_t a, char32_t b) {
  if (const char32_t syllable = composed_hangul(a, b)) return syllable;
  const auto entry = std::lower_bound(std::begin(kComposed), std::end(kComposed), std::pair(a, b),
                                      [](const Composed& each, const std::pair<char32_t, char32_t>& wanted) {
                                        return std::pair(each.first, each.second) < wanted;
                                      });
  return entry != std::end(kComposed) && entry->first == a && entry->second == b ? entry->composite : 0;
}

// Each character joins the last starter unless one of the same or a higher class, or a starter, stands between.
void compose(std::u32string& text) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t starter = kNone, size = 0;
  int last_class = 0;  // of the character before, since the starter; -1: nothing between
  for (const char32_t c : text) {
    const int own = is_starter(c) ? 0 : unicode::combining_class(c);
    if (starter != kNone && (last_class < own || last_class == -1)) {
      if (const char32_t composite = composed_pair(text[starter], c)) {
        text[starter] = composite;
        continue;
      }
    }
    text[size] = c;
    if (own == 0) starter = size;
    last_class = own == 0 ? -1 : own;
    ++size;
  }
  text.resize(size);
}

}  // namespace

bool is_mark(char32_t c) {
  const auto range = std::lower_bound(std::begin(kMarks), std::end(kMarks), c,
                                      [](const MarkRange& each, char32_t wanted) { return each.last < wanted; });
  return range != std::end(kMarks) && range->first <= c;
}

void append_in_form(std::string_view text, UnicodeForm form, std::string& result) {
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) {
    result += text;
    return;
  }
  std::u32string parts;
  for (std::size_t at = 0; at < text.size();) add_decomposed(next_code_point(text, at), form.is_compatible, parts);
  sort_marks(parts);
  if (form.is_composed) compose(parts);
  for (const char32_t c : parts) append_utf8(result, c);
}

}  // namespace graft::plugins
