#include "graft/utf8.hpp"

#include <cstring>

namespace graft {
namespace {

struct Decoded {
  char32_t code_point;
  std::size_t bytes;
  bool well_formed;
};

// A leading byte fixes how many bytes follow and the range of the first of them (Unicode table 3-7).
struct Lead {
  std::size_t following;
  unsigned char low, high;
};

constexpr Lead lead_of(unsigned char byte) {
  switch (byte) {
    case 0xE0: return {2, 0xA0, 0xBF};  // no overlong forms
    case 0xED: return {2, 0x80, 0x9F};  // no surrogates
    case 0xF0: return {3, 0x90, 0xBF};
    case 0xF4: return {3, 0x80, 0x8F};  // nothing past U+10FFFF
    default: break;
  }
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  return {0, 0, 0};
}

Decoded decode(std::string_view text, std::size_t begin) {
  const auto first = static_cast<unsigned char>(text[begin]);
  if (first < 0x80) return {first, 1, true};
  const Lead lead = lead_of(first);
  if (lead.following == 0) return {kReplacement, 1, false};
  char32_t code_point = first & (0x3FU >> lead.following);
  for (std::size_t i = 1; i <= lead.following; ++i) {
    const auto byte = begin + i < text.size() ? static_cast<unsigned char>(text[begin + i]) : static_cast<unsigned char>(0);
    const bool continues = i == 1 ? byte >= lead.low && byte <= lead.high : byte >= 0x80 && byte <= 0xBF;
    if (!continues) return {kReplacement, i, false};
    code_point = (code_point << 6) | (byte & 0x3FU);
  }
  return {code_point, lead.following + 1, true};
}

// Skips whole words of eight ASCII bytes: most text is little else.
std::size_t ascii_end(std::string_view text, std::size_t begin) {
  for (std::uint64_t eight; begin + sizeof eight <= text.size(); begin += sizeof eight) {
    std::memcpy(&eight, text.data() + begin, sizeof eight);
    if (eight & 0x8080808080808080) break;
  }
  return begin;
}

// Where the well-formed part that starts at `begin` ends.
std::size_t well_formed_end(std::string_view text, std::size_t begin) {
  while ((begin = ascii_end(text, begin)) < text.size()) {
    const Decoded decoded = decode(text, begin);
    if (!decoded.well_formed) return begin;
    begin += decoded.bytes;
  }
  return begin;
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& position) {
  const Decoded decoded = decode(text, position);
  position += decoded.bytes;
  return decoded.code_point;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto tail = [code_point](int shift) { return static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)); };
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += {static_cast<char>(0xC0U | (code_point >> 6)), tail(0)};
  } else if (code_point < 0x10000) {
    text += {static_cast<char>(0xE0U | (code_point >> 12)), tail(6), tail(0)};
  } else {
    text += {static_cast<char>(0xF0U | (code_point >> 18)), tail(12), tail(6), tail(0)};
  }
}

bool is_utf8(std::string_view text) { return well_formed_end(text, 0) == text.size(); }

std::string replace_ill_formed(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = well_formed_end(text, begin);
    result.append(text.substr(begin, end - begin));
    if (end == text.size()) break;
    begin = end + decode(text, end).bytes;
    append_utf8(result, kReplacement);
  }
  return result;
}

}  // namespace graft
