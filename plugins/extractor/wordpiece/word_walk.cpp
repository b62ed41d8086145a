#include "word_walk.hpp"

#include "graft/utf8.hpp"
#include "../tokenizer/unicode.hpp"

namespace graft::plugins {

WordWalk::WordWalk(std::string_view text) : text_(text), flags_(unicode::flags()) {}

std::uint8_t WordWalk::flags_at(std::size_t position, std::size_t& after) const {
  after = position;
  const auto byte = static_cast<unsigned char>(text_[position]);
  if (byte >= 0x80) return flags_[next_code_point(text_, after)];
  ++after;
  return flags_[byte];
}

bool WordWalk::next() {
  std::size_t after = end_;
  std::uint8_t flags = unicode::kSpace;
  for (begin_ = end_; begin_ < text_.size(); begin_ = after) {
    flags = flags_at(begin_, after);
    if (!(flags & unicode::kSpace)) break;
  }
  end_ = after;
  if (begin_ == text_.size()) return false;
  while (!(flags & unicode::kPunctuation) && end_ < text_.size()) {
    if (flags_at(end_, after) & (unicode::kSpace | unicode::kPunctuation)) break;
    end_ = after;
  }
  return true;
}

}  // namespace graft::plugins
