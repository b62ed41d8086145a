// UnigramModel: tokens with the logarithm of how likely each is, and a word as the most likely row of tokens.
//
//   rule     the row of tokens with the largest sum of scores (Viterbi); a character without a token of its own may stand as unknown,
//            10 below the lowest score
//   unknown  several in a row are one: a token where their text is one; else with byte_fallback the tokens <0x00> .. <0xFF> of its
//            bytes where all exist; else unk_id
//   source   Kudo 2018, arXiv:1804.10959; tokenizers 0.23
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "piece_trie.hpp"

namespace graft::plugins {

class UnigramModel {
 public:
  using Tokens = std::vector<std::pair<std::string, double>>;  // by id: token, score

  struct Ending {  // the best way to what lies before a place in the word
    double score = 0;
    std::int64_t begin = -1;  // of its last token; -1: none found yet
    std::int32_t id = 0;
  };
  struct Piece {
    std::size_t begin = 0, end = 0;
    std::int32_t id = 0;
  };
  struct Memory {
    std::vector<Ending> endings;
    std::vector<Piece> pieces;
  };

  UnigramModel(const Tokens& tokens, std::int32_t unk_id, bool byte_fallback);

  void append(std::string_view word, std::vector<std::int64_t>& ids, Memory& memory) const;  // word: not empty, well-formed UTF-8

 private:
  void reach(std::size_t end, Ending candidate, Memory& memory) const;
  void go_on(std::string_view word, std::size_t begin, std::size_t character_end, Memory& memory) const;
  void walk_back(std::size_t size, Memory& memory) const;
  void append_unknown(std::string_view text, std::vector<std::int64_t>& ids) const;

  PieceTrie trie_;
  std::vector<double> scores_;  // by id
  std::int32_t unknown_;
  double unknown_score_;
  bool byte_fallback_;
  std::array<std::int32_t, 256> bytes_;  // PieceTrie::kNone: no such token
};

}  // namespace graft::plugins
