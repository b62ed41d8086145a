// Vocabulary: the tokens of a WordPiece model, and a word as token ids.
//
//   rule     the longest token that begins the word, then the longest "##" token that goes on from there, and so on; when
//            no token fits somewhere, or the word has more than max_input_chars_per_word code points, the whole word is
//            one unk_token
//   source   Schuster and Nakajima 2012 (the greedy form of BERT); tokenizers 0.23
//   threads  const calls from any thread at once
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace graft::plugins {

class Vocabulary {
 public:
  struct Options {
    std::string unk_token = "[UNK]";
    std::string continuing_subword_prefix = "##";
    std::int64_t max_input_chars_per_word = 100;
  };
  using Tokens = std::vector<std::pair<std::string, std::int64_t>>;  // token, id in [0, 2^31); each token once

  Vocabulary(const Tokens& tokens, const Options& options);  // throws Error when unk_token is not among the tokens

  void append(std::string_view word, std::vector<std::int64_t>& ids) const;  // word: not empty, well-formed UTF-8

 private:
  // One cell of the hash table; a token's bytes lie in bytes_.
  struct Slot {
    std::uint32_t hash = 0, begin = 0, length = 0;
    std::int32_t id = kNone;
  };
  struct Piece {
    std::size_t length = 0;  // bytes; 0: nothing fits
    std::int32_t id = kNone;
  };
  static constexpr std::int32_t kNone = -1;

  void insert(std::string_view token, std::int32_t id);
  std::int32_t find(std::string_view token) const;
  std::int32_t lookup(std::uint64_t state, std::string_view prefix, std::string_view rest) const;
  Piece longest(std::string_view rest, std::string_view prefix, std::uint64_t state) const;
  bool append_pieces(std::string_view word, std::vector<std::int64_t>& ids) const;
  bool is_too_long(std::string_view word) const;

  std::string prefix_, bytes_;
  std::vector<Slot> slots_;  // a power of two, at most half full
  std::uint64_t prefix_state_;
  std::size_t max_characters_, longest_token_ = 0;
  std::int32_t unknown_ = kNone;
};

}  // namespace graft::plugins
