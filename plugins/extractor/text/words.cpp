#include "words.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

struct Range {
  std::uint32_t first, last;
};
struct Mapping {
  std::uint32_t first, last;
  std::int32_t step, delta;
};

#include "unicode_tables.inc"

constexpr char32_t kSigma = 0x3A3, kFinalSigma = 0x3C2, kDottedI = 0x130, kDotAbove = 0x307;

template <class Row, std::size_t n>
const Row* row_of(const Row (&table)[n], char32_t c) {
  const Row* after =
      std::upper_bound(std::begin(table), std::end(table), c, [](char32_t a, const Row& b) { return a < b.first; });
  return after != std::begin(table) && c <= after[-1].last ? after - 1 : nullptr;
}

bool is_word_ascii(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_word(char32_t c) { return c < 0x80 ? is_word_ascii(static_cast<unsigned char>(c)) : row_of(kWord, c) != nullptr; }
bool is_cased(char32_t c) { return row_of(kCased, c) != nullptr; }
bool is_case_ignorable(char32_t c) { return row_of(kCaseIgnorable, c) != nullptr; }

char32_t before(std::string_view text, std::size_t& position) {
  do --position;
  while (position > 0 && (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U);
  std::size_t at = position;
  return next_code_point(text, at);
}

// A capital sigma ends its word when a cased letter comes before it and none after it, both past what case ignores.
bool is_final_sigma(std::string_view text, std::size_t begin, std::size_t end) {
  char32_t c = ' ';
  while (begin > 0 && is_case_ignorable(c = before(text, begin))) c = ' ';
  if (!is_cased(c)) return false;
  c = ' ';
  while (end < text.size() && is_case_ignorable(c = next_code_point(text, end))) c = ' ';
  return !is_cased(c);
}

// Collects code points into words of two or more.
class Collector {
 public:
  explicit Collector(Words& words) : words_(words) {
    words_.text.clear();
    words_.words.clear();
  }
  void add(char32_t c) {
    if (!is_word(c)) return end();
    append_utf8(words_.text, c);
    ++length_;
  }
  void add_ascii(unsigned char c, bool lowercase) {
    if (!is_word_ascii(c)) return end();
    words_.text += static_cast<char>(lowercase && c >= 'A' && c <= 'Z' ? c + 32 : c);
    ++length_;
  }
  void end() {
    if (length_ >= 2) {
      words_.words.push_back({begin_, words_.text.size()});
      words_.text += ' ';
    } else {
      words_.text.resize(begin_);
    }
    begin_ = words_.text.size();
    length_ = 0;
  }

 private:
  Words& words_;
  std::size_t begin_ = 0, length_ = 0;
};

// The lower case of a character beyond ASCII, where it is one character that hangs on no other.
char32_t lower(char32_t c) {
  const Mapping* row = row_of(kLower, c);
  const bool has_lower = row && (c - row->first) % static_cast<std::uint32_t>(row->step) == 0;
  return has_lower ? c + static_cast<char32_t>(row->delta) : c;
}

}  // namespace

void find_words(std::string_view text, bool lowercase, Words& words) {
  Collector collector(words);
  for (std::size_t position = 0; position < text.size();) {
    const auto byte = static_cast<unsigned char>(text[position]);
    if (byte < 0x80) {
      collector.add_ascii(byte, lowercase);
      ++position;
      continue;
    }
    const std::size_t begin = position;
    char32_t c = next_code_point(text, position);
    if (lowercase && c == kSigma && is_final_sigma(text, begin, position)) {
      c = kFinalSigma;
    } else if (lowercase && c == kDottedI) {
      collector.add('i');
      c = kDotAbove;
    } else if (lowercase) {
      c = lower(c);
    }
    collector.add(c);
  }
  collector.end();
}

void lower_characters(std::string_view text, bool lowercase, std::u32string& characters) {
  characters.clear();
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t begin = position;
    const char32_t c = next_code_point(text, position);
    if (lowercase && c == kSigma && is_final_sigma(text, begin, position)) {
      characters += kFinalSigma;
    } else if (lowercase && c == kDottedI) {
      characters += {U'i', kDotAbove};
    } else {
      characters += !lowercase ? c : c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : lower(c);
    }
  }
}

bool is_space(char32_t c) {
  if (c < 0x80) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

}  // namespace graft::plugins
