// KeyboardNoise: letters become letters of neighbouring keys, as fingers slip.
//
//   hit      each letter of an ordinary word (../text_ops/words.hpp) of at least min_length letters, with chance `rate`
//   becomes  any letter whose key touches its own, evenly; case stays
//   keys     rows are shifted by 0, 1/4 and 3/4 of a key; keys touch in a row at distance 1, across rows at less than 1
//   column   [B] text, changed in place; numbers, names, @, #, URLs and other scripts stay
//   draws    from rng.row(row id) alone
//   source   Belinkov and Bisk 2018, arXiv:1711.02173, section 4.1 ("key"); nlpaug's KeyboardAug
//   differs  every letter by itself (there one a word, nlpaug shares of words and letters); letters become letters only
//   scope    row; threads any
#pragma once

#include <array>
#include <string>

#include "../text_ops/text_edit.hpp"

namespace graft::plugins {

class KeyboardNoise final : public TextEdit {
 public:
  explicit KeyboardNoise(const Config& config);

 private:
  std::string edited(const std::string& text, Rng& draws) const override;
  char slipped(char letter, Rng& draws) const;

  double rate_;
  std::int64_t min_length_;
  std::array<std::string, 26> neighbours_;  // of each letter, in the order of the rows
};

}  // namespace graft::plugins
