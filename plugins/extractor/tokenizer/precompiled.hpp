// Precompiled: the charsmap that SentencePiece writes into its models: which texts become which.
//
//   rule     grapheme by grapheme; one of less than 6 bytes is replaced whole by what its shortest prefix in the map becomes; else
//            each code point in the map by itself
//   form     base64 of: uint32 size of the double array in bytes, the array (Darts, little-endian), replacements ended by NUL
//   source   Kudo 2018 (SentencePiece); Precompiled of tokenizers 0.23
//   threads  const calls from any thread at once
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

class Precompiled {
 public:
  explicit Precompiled(const std::string& base64);  // throws Error("tokenizer.json") when it is no charsmap

  void append(std::string_view text, std::string& result) const;  // text: well-formed UTF-8

 private:
  std::optional<std::string_view> replacement(std::string_view text) const;  // of the shortest prefix in the map
  void append_grapheme(std::string_view grapheme, std::string& result) const;

  std::vector<std::uint32_t> units_;
  std::string replacements_;
  std::array<bool, 128> is_kept_{};  // ASCII characters that the map does not start with
};

}  // namespace graft::plugins
