// Letters, numbers and white space as the regular expressions of tokenizers 0.23 know them: \p{L}, \p{N}, \s.
//
//   source   character_classes.py, which asked tokenizers 0.23.3 about all of U+0000 .. U+10FFFF
#pragma once

#include <cstdint>

namespace graft::plugins {

enum class CharacterClass : std::uint8_t { kOther, kLetter, kNumber, kSpace };

// The class of all code points, [0x110000]; made at the first call and kept. Any thread.
const CharacterClass* character_classes();

}  // namespace graft::plugins
