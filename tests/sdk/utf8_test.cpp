#include "graft/utf8.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using graft::append_utf8;
using graft::is_utf8;
using graft::kReplacement;
using graft::next_code_point;
using graft::replace_ill_formed;

namespace {

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> result;
  for (std::size_t position = 0; position < text.size();) result.push_back(next_code_point(text, position));
  return result;
}

bool is_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

}  // namespace

TEST_CASE("utf8: a text of one to four bytes a character gives the code points worked out by hand", "[sdk][utf8]") {
  CHECK(code_points("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == std::vector<char32_t>{0x61, 0xE9, 0x20AC, 0x1F600});
  CHECK(code_points(std::string_view("\0b", 2)) == std::vector<char32_t>{0, 0x62});
}

TEST_CASE("utf8: every code point survives being written and read", "[sdk][utf8]") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (is_surrogate(c)) continue;
    std::string text;
    append_utf8(text, c);
    std::size_t position = 0;
    wrong += next_code_point(text, position) != c || position != text.size() || !is_utf8(text);
  }
  CHECK(wrong == 0);
}

// Expected: Python 3.11, bytes.fromhex(...).decode("utf-8", errors="replace"). R stands for U+FFFD.
TEST_CASE("utf8: ill-formed bytes become as many replacement characters as in Python", "[sdk][utf8]") {
  constexpr char32_t R = kReplacement;
  CHECK(code_points("\xFF") == std::vector<char32_t>{R});
  CHECK(code_points("\x80\x80") == std::vector<char32_t>{R, R});
  CHECK(code_points("\xC0\xAF") == std::vector<char32_t>{R, R});                // overlong
  CHECK(code_points("\xE0\x80\x80") == std::vector<char32_t>{R, R, R});         // overlong
  CHECK(code_points("\xED\xA0\x80") == std::vector<char32_t>{R, R, R});         // a surrogate
  CHECK(code_points("\xF4\x90\x80\x80") == std::vector<char32_t>{R, R, R, R});  // past U+10FFFF
  CHECK(code_points("\xF0\x9F\x98") == std::vector<char32_t>{R});               // cut short: one for the whole
  CHECK(code_points("\xE2\x82"
                    "a") == std::vector<char32_t>{R, 0x61});
  CHECK(code_points("\xF0\x9F\xC3\xA9") == std::vector<char32_t>{R, 0xE9});
  CHECK(code_points("\xF5\x80\x80\x80") == std::vector<char32_t>{R, R, R, R});
}

TEST_CASE("utf8: only well-formed text counts as UTF-8", "[sdk][utf8]") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain text that is longer than eight bytes"));
  CHECK(is_utf8("caf\xC3\xA9"));
  CHECK_FALSE(is_utf8("a text in Latin-1: caf\xE9"));
  CHECK_FALSE(is_utf8("cut in the middle \xE2\x82"));
  CHECK_FALSE(is_utf8("\xED\xA0\x80"));
}

TEST_CASE("utf8: replacing keeps well-formed parts and is well-formed afterwards", "[sdk][utf8]") {
  CHECK(replace_ill_formed("caf\xE9 au lait") == "caf\xEF\xBF\xBD au lait");
  CHECK(replace_ill_formed("\xFF"
                           "a\xE2\x82") ==
        "\xEF\xBF\xBD"
        "a\xEF\xBF\xBD");
  CHECK(replace_ill_formed("\xE2\x82\xAC") == "\xE2\x82\xAC");
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second), 'x'};
      const std::string replaced = replace_ill_formed(bytes);
      if (!is_utf8(replaced) || (is_utf8(bytes) && replaced != bytes)) FAIL("bytes " << first << " " << second);
    }
  }
}
