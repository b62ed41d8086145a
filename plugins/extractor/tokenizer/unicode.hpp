// What tokenizers 0.23 knows about code points. Its parts follow different versions of Unicode (letter case a recent one,
// general categories an old one), so the tables were taken from its behaviour: the same ids on every system.
//
//   source   unicode_tables.py, which asked tokenizers 0.23.3 about all of U+0000 .. U+10FFFF
#pragma once

#include <cstddef>
#include <cstdint>

namespace graft::plugins::unicode {

enum Flag : std::uint8_t {
  kControl = 1,      // clean_text drops it: Cc, Cf, Co and U+FFFD, but not tab and line ends
  kSpace = 2,        // White_Space; three of them are kControl too
  kMark = 4,         // Mn: strip_accents drops it
  kPunctuation = 8,  // ASCII signs and P*: a word of its own
  kWord = 16,        // \w of a regular expression
  kDecomposes = 32,  // has a canonical decomposition
  kCombines = 64,    // canonical combining class above 0
  kUppercase = 128,  // lowercase() changes it
};

// Flags of all code points, [0x110000]; made at the first call and kept. Any thread.
const std::uint8_t* flags();

bool is_cjk(char32_t c);                   // an ideograph that handle_chinese_chars sets apart
std::uint8_t combining_class(char32_t c);  // 0: a starter
char32_t lowercase(char32_t c);            // of one code point by itself; U+0130 gives its "i", U+0307 is the caller's
std::size_t decompose(char32_t c, char32_t (&parts)[4]);  // full canonical decomposition; returns how many parts, 1 for c itself

}  // namespace graft::plugins::unicode
