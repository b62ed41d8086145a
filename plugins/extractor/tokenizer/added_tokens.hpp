// AddedTokens: tokens that are looked for in the text itself, before it is split into words: "[SEP]", "<user>".
//
//   rule     from left to right, at each place the longest token; lstrip and rstrip take the white space beside it along;
//            single_word asks for no letter, digit, mark or '_' on either side
//   source   AddedVocabulary of tokenizers 0.23
//   threads  const calls from any thread at once
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace graft::plugins {

struct AddedToken {
  std::string content;  // not empty
  std::int64_t id = 0;
  bool single_word = false, lstrip = false, rstrip = false;
  bool normalized = false;  // looked for in the normalised text; else in the text as it came
};

class AddedTokens {
 public:
  // A part of a text: an added token, or what lies between two of them.
  struct Part {
    static constexpr std::int64_t kText = -1;
    std::string_view text;  // empty for a token
    std::int64_t id = kText;
  };

  explicit AddedTokens(std::vector<AddedToken> tokens);
  void split(std::string_view text, std::vector<Part>& parts) const;  // appends; text: well-formed UTF-8

 private:
  const AddedToken* match_at(std::string_view text, std::size_t begin) const;  // the longest one that starts there

  std::vector<AddedToken> tokens_;  // longest first
  std::array<bool, 256> starts_{};  // bytes that tokens start with
};

}  // namespace graft::plugins
