// Graphemes: the characters a reader sees, of one or more code points.
//
//   source   Unicode Standard Annex 29, extended grapheme clusters; graphemes.py says whose tables
#pragma once

#include <cstddef>
#include <string_view>

namespace graft::plugins {

std::size_t grapheme_end(std::string_view text, std::size_t begin);  // of the grapheme at begin < size; text: well-formed UTF-8

}  // namespace graft::plugins
