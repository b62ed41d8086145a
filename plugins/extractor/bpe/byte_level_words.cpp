#include "byte_level_words.hpp"

#include <array>

#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

std::array<char32_t, 256> byte_characters() {
  std::array<char32_t, 256> characters{};
  char32_t next = 0x100;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const bool is_seen = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    characters[byte] = is_seen ? byte : next++;
  }
  return characters;
}

}  // namespace

char32_t byte_level_character(unsigned char byte) {
  static const std::array<char32_t, 256> characters = byte_characters();
  return characters[byte];
}

CharacterClass ByteLevelWords::class_at(std::size_t position, std::size_t& after) const {
  const auto byte = static_cast<unsigned char>(text_[position]);
  after = position;
  if (byte >= 0x80) return classes_[next_code_point(text_, after)];
  ++after;
  return classes_[byte];
}

std::size_t ByteLevelWords::contraction() const {
  const std::string_view rest = text_.substr(begin_ + 1);
  if (rest.empty()) return 0;
  if (std::string_view("stmd").find(rest[0]) != std::string_view::npos) return 2;
  return rest.starts_with("re") || rest.starts_with("ve") || rest.starts_with("ll") ? 3 : 0;
}

std::size_t ByteLevelWords::space_end() const {
  std::size_t last = begin_, end = begin_;
  for (std::size_t after = 0; end < text_.size() && class_at(end, after) == CharacterClass::kSpace; end = after) last = end;
  return end == text_.size() || last == begin_ ? end : last;
}

bool ByteLevelWords::next() {
  begin_ = end_;
  if (begin_ == text_.size()) return false;
  if (text_[begin_] == '\'' && contraction() != 0) {
    end_ = begin_ + contraction();
    return true;
  }
  CharacterClass kind = class_at(begin_, end_);
  std::size_t after = 0;
  if (text_[begin_] == ' ' && end_ < text_.size()) {
    const CharacterClass second = class_at(end_, after);
    if (second != CharacterClass::kSpace) kind = second;
  }
  if (kind == CharacterClass::kSpace) {
    end_ = space_end();
  } else {
    while (end_ < text_.size() && class_at(end_, after) == kind) end_ = after;
  }
  return true;
}

}  // namespace graft::plugins
