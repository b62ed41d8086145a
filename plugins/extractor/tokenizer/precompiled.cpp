#include "precompiled.hpp"

#include <algorithm>
#include <cstring>

#include "graft/error.hpp"
#include "graft/utf8.hpp"
#include "graphemes.hpp"

namespace graft::plugins {
namespace {

constexpr std::size_t kShort = 6;  // bytes; a grapheme of less is looked up whole

std::string decoded(const std::string& base64) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : std::string_view(base64).substr(0, base64.find('='))) {
    const std::size_t digit = kDigits.find(c);
    if (digit == kDigits.npos)
      throw Error("tokenizer.json", "precompiled_charsmap must be base64, got '" + std::string(1, c) + "'");
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  return bytes;
}

std::uint32_t label_of(std::uint32_t unit) { return unit & 0x800000FFU; }
std::uint32_t offset_of(std::uint32_t unit) { return unit >> 10 << ((unit & 0x200U) >> 6); }

}  // namespace

Precompiled::Precompiled(const std::string& base64) {
  const std::string bytes = decoded(base64);
  std::uint32_t size = 0;
  if (bytes.size() >= 4) std::memcpy(&size, bytes.data(), 4);
  if (size == 0 || size % 4 != 0 || size + 4 > bytes.size())
    throw Error("tokenizer.json", "precompiled_charsmap must hold an array of the size it starts with, got " +
                                      std::to_string(size) + " in " + std::to_string(bytes.size()) + " bytes");
  units_.resize(size / 4);
  std::memcpy(units_.data(), bytes.data() + 4, size);
  replacements_ = bytes.substr(4 + size);
  for (std::size_t c = 0; c < 128; ++c) {
    const char byte = static_cast<char>(c);
    is_kept_[c] = byte != '\r' && !replacement({&byte, 1});
  }
}

std::optional<std::string_view> Precompiled::replacement(std::string_view text) const {
  std::size_t node = offset_of(units_[0]);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    node ^= byte;
    if (byte == 0 || node >= units_.size() || label_of(units_[node]) != byte) return std::nullopt;
    const std::uint32_t unit = units_[node];
    node ^= offset_of(unit);
    if ((unit >> 8 & 1U) == 0 || node >= units_.size()) continue;
    const std::size_t begin = std::min<std::size_t>(units_[node] & 0x7FFFFFFFU, replacements_.size());
    return std::string_view(replacements_).substr(begin, std::min(replacements_.find('\0', begin), replacements_.size()) - begin);
  }
  return std::nullopt;
}

void Precompiled::append_grapheme(std::string_view grapheme, std::string& result) const {
  if (grapheme.size() < kShort) {
    if (const auto whole = replacement(grapheme)) {
      result += *whole;
      return;
    }
  }
  for (std::size_t begin = 0, end = 0; begin < grapheme.size(); begin = end) {
    next_code_point(grapheme, end);
    const std::string_view character = grapheme.substr(begin, end - begin);
    result += replacement(character).value_or(character);
  }
}

// An ASCII character that another one follows is a grapheme by itself, "\r\n" apart.
void Precompiled::append(std::string_view text, std::string& result) const {
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin;
    while (end < text.size() && is_ascii(text[end]) && is_kept_[static_cast<unsigned char>(text[end])]) ++end;
    if (end > begin && end < text.size() && !is_ascii(text[end])) --end;
    result += text.substr(begin, end - begin);
    if (end == text.size()) return;
    begin = grapheme_end(text, end);
    append_grapheme(text.substr(end, begin - end), result);
  }
}

}  // namespace graft::plugins
