// Normalizer: the BertNormalizer of Hugging Face tokenizers.
//
//   order    clean_text, handle_chinese_chars, strip_accents, lowercase
//   clean_text            drops control characters (Cc, Cf, Co) and U+FFFD; other white space becomes ' '
//   handle_chinese_chars  a space on either side of each CJK ideograph
//   strip_accents         NFD, then without Mn; never composed again, so Hangul stays in Jamo
//   lowercase             each code point by itself: a final capital sigma becomes the ordinary small one
//   threads  const calls from any thread at once
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class Normalizer {
 public:
  struct Options {
    bool clean_text = true;
    bool handle_chinese_chars = true;
    bool strip_accents = true;
    bool lowercase = true;
  };
  explicit Normalizer(const Options& options);

  void append(std::string_view text, std::string& result) const;  // text: well-formed UTF-8

 private:
  struct Writer;
  void append_ascii(std::string_view text, std::string& result) const;
  void write(char32_t c, Writer& writer) const;
  void write_decomposed(char32_t c, Writer& writer) const;
  void write_ordered(char32_t c, Writer& writer) const;
  void write_marks(Writer& writer) const;
  void write_lowercase(char32_t c, Writer& writer) const;

  Options options_;
  const std::uint8_t* flags_;
  std::array<std::uint8_t, 128> ascii_;  // what becomes of each ASCII character; kDropped: nothing
};

}  // namespace graft::plugins
