// UTF-8, code point by code point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "graft/export.hpp"

namespace graft {

inline constexpr char32_t kReplacement = 0xFFFD;

// The code point at `position`, which moves past it. Each byte of an ill-formed sequence that cannot start or continue one
// becomes kReplacement (maximal subparts, as Unicode chapter 3 recommends and Python and Rust do).
GRAFT_API char32_t next_code_point(std::string_view text, std::size_t& position);

GRAFT_API void append_utf8(std::string& text, char32_t code_point);
GRAFT_API bool is_utf8(std::string_view text);                    // well-formed: no surrogates, no overlong forms
GRAFT_API std::string replace_ill_formed(std::string_view text);  // well-formed text, kReplacement where it was not

}  // namespace graft
