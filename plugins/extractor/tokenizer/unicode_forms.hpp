// The four normalization forms of Unicode and its marks (categories Mn, Mc, Me), as tokenizers 0.23 knows them.
//
//   source   Unicode Standard Annex 15; unicode_forms.py, which asked tokenizers 0.23.3 about all code points
#pragma once

#include <string>
#include <string_view>

namespace graft::plugins {

struct UnicodeForm {
  bool is_compatible = false;  // NFKD, NFKC
  bool is_composed = false;    // NFC, NFKC
};

void append_in_form(std::string_view text, UnicodeForm form, std::string& result);  // text: well-formed UTF-8
bool is_mark(char32_t c);

}  // namespace graft::plugins
