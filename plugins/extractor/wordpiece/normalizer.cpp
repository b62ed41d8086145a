#include "normalizer.hpp"

#include <algorithm>

#include "graft/utf8.hpp"
#include "../tokenizer/unicode.hpp"

namespace graft::plugins {
namespace {

constexpr std::uint8_t kDropped = 0xFF;

bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }

}  // namespace

// Marks wait until the next starter, because NFD sorts them.
struct Normalizer::Writer {
  std::string& result;
  std::vector<char32_t> marks;
};

Normalizer::Normalizer(const Options& options) : options_(options), flags_(unicode::flags()) {
  for (std::uint8_t c = 0; c < 128; ++c) {
    const std::uint8_t flags = flags_[c];
    ascii_[c] = c;
    if (options_.lowercase && (flags & unicode::kUppercase)) ascii_[c] = static_cast<std::uint8_t>(unicode::lowercase(c));
    if (options_.clean_text && (flags & unicode::kSpace)) ascii_[c] = ' ';
    if (options_.clean_text && (flags & unicode::kControl)) ascii_[c] = kDropped;
  }
}

void Normalizer::append(std::string_view text, std::string& result) const {
  Writer writer{result, {}};
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_ascii(text[begin]) || !writer.marks.empty()) {
      write(next_code_point(text, begin), writer);
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && is_ascii(text[end])) ++end;
    append_ascii(text.substr(begin, end - begin), result);
    begin = end;
  }
  write_marks(writer);
}

void Normalizer::append_ascii(std::string_view text, std::string& result) const {
  const std::size_t before = result.size();
  result.resize(before + text.size());
  char* out = result.data() + before;
  for (const char byte : text) {
    const std::uint8_t mapped = ascii_[static_cast<unsigned char>(byte)];
    *out = static_cast<char>(mapped);
    out += mapped != kDropped;
  }
  result.resize(static_cast<std::size_t>(out - result.data()));
}

void Normalizer::write(char32_t c, Writer& writer) const {
  if (options_.clean_text && (flags_[c] & unicode::kControl)) return;
  if (options_.clean_text && (flags_[c] & unicode::kSpace)) return write_ordered(' ', writer);
  if (!options_.handle_chinese_chars || !unicode::is_cjk(c)) return write_decomposed(c, writer);
  write_ordered(' ', writer);
  write_decomposed(c, writer);
  write_ordered(' ', writer);
}

void Normalizer::write_decomposed(char32_t c, Writer& writer) const {
  if (!options_.strip_accents || !(flags_[c] & unicode::kDecomposes)) return write_ordered(c, writer);
  char32_t parts[4];
  const std::size_t count = unicode::decompose(c, parts);
  for (std::size_t i = 0; i < count; ++i) write_ordered(parts[i], writer);
}

void Normalizer::write_ordered(char32_t c, Writer& writer) const {
  if (options_.strip_accents && (flags_[c] & unicode::kCombines)) {
    writer.marks.push_back(c);
    return;
  }
  write_marks(writer);
  if (!options_.strip_accents || !(flags_[c] & unicode::kMark)) write_lowercase(c, writer);
}

void Normalizer::write_marks(Writer& writer) const {
  if (writer.marks.empty()) return;
  std::stable_sort(writer.marks.begin(), writer.marks.end(),
                   [](char32_t a, char32_t b) { return unicode::combining_class(a) < unicode::combining_class(b); });
  for (const char32_t mark : writer.marks) {
    if (!(flags_[mark] & unicode::kMark)) write_lowercase(mark, writer);
  }
  writer.marks.clear();
}

void Normalizer::write_lowercase(char32_t c, Writer& writer) const {
  const bool changes = options_.lowercase && (flags_[c] & unicode::kUppercase);
  append_utf8(writer.result, changes ? unicode::lowercase(c) : c);
  if (changes && c == 0x130) append_utf8(writer.result, 0x307);
}

}  // namespace graft::plugins
