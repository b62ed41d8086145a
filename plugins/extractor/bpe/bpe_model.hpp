// BpeModel: the tokens and merges of a byte-pair encoding, and a word as token ids.
//
//   rule     a word starts as its characters; of all neighbours that have a merge, the one that stands first in the list (the leftmost
//            of several) becomes one token, until none has a merge
//   unknown  a character without a token: with byte_fallback the tokens <0x00> .. <0xFF> of its bytes where all exist; else
//            unk_token, one for several in a row with fuse_unk; without an unk_token it is left out
//   source   Sennrich et al. 2016, arXiv:1508.07909; tokenizers 0.23
//   threads  const calls from any thread at once, each with a Memory of its own
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../text/term_table.hpp"

namespace graft::plugins {

class BpeModel {
 public:
  struct Options {
    std::optional<std::string> unk_token;
    std::string continuing_subword_prefix;  // of a character that is not the word's first
    std::string end_of_word_suffix;         // of its last
    bool fuse_unk = false, byte_fallback = false;
    bool ignore_merges = false;  // a word that is a token is that token
  };
  using Tokens = std::vector<std::pair<std::string, std::int64_t>>;  // token, id in [0, 2^31); each token once
  using Merges = std::vector<std::pair<std::string, std::string>>;   // the first merge first

  struct Symbol {
    std::int32_t id = 0, previous = -1, next = -1;  // places among the symbols; -1: none
    bool is_gone = false;                           // merged into one before it
  };
  struct Candidate {
    std::int32_t rank = 0, place = 0, id = 0;  // of the merge, of its left symbol, of what it makes
  };
  struct Memory {
    std::vector<Symbol> symbols;
    std::vector<Candidate> queue;
    std::string key;
  };

  // throws Error("tokenizer.json") when a merge or unk_token names a token that is not there
  BpeModel(const Tokens& tokens, const Merges& merges, Options options);

  void append(std::string_view word, std::vector<std::int64_t>& ids, Memory& memory) const;  // word: not empty, well-formed UTF-8

 private:
  struct Merge {
    std::int32_t rank = 0, id = kNone;
  };
  struct Slot {
    std::uint64_t pair = 0;
    Merge merge;  // id kNone: free
  };
  static constexpr std::int32_t kNone = -1;

  std::int32_t find(std::string_view token) const;
  std::int32_t required(const std::string& token, const char* what) const;
  void insert(std::uint64_t pair, Merge merge);
  const Merge* merge_of(std::int32_t left, std::int32_t right) const;  // null: none
  void start(std::string_view word, Memory& memory) const;
  bool add_bytes(std::string_view character, Memory& memory) const;
  void push_candidate(std::int32_t place, Memory& memory) const;
  void join(const Candidate& candidate, Memory& memory) const;

  Options options_;
  TermTable tokens_;
  std::vector<std::int32_t> ids_;  // of tokens_, by number
  std::vector<Slot> slots_;        // a power of two, at most half full
  std::int32_t unknown_ = kNone;
};

}  // namespace graft::plugins
