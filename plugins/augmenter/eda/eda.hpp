// Eda: "easy data augmentation" of English text: one of four edits of a row, drawn at random.
//
//   replace  n words become synonyms                             n = max(1, floor(alpha words)), words: all of the row
//   insert   n times a synonym of one of the words goes to a random place
//   swap     n times two words change places
//   delete   each word goes with probability alpha; one always stays
//
//   column   [B] text, changed in place; a missing (empty) text stays so, and no text becomes empty
//   draws    from rng.row(row id) alone: whether (probability), which edit of those with alpha > 0, where
//   source   Wei and Zou 2019, arXiv:1901.11196
//   differs  only ordinary words are moved or changed (../text_ops/words.hpp): numbers, names, @, #, URLs stay, where the paper's code drops
//            digits and punctuation; case belongs to the place, so a sentence still begins with a capital; synonyms from a
//            table of our own, any of them; one edit a call
//   scope    row; threads any
//   throws   Error when every alpha is 0
#pragma once

#include <string>
#include <vector>

#include "../text_ops/text_edit.hpp"

namespace graft::plugins {

class Eda final : public TextEdit {
 public:
  explicit Eda(const Config& config);

 private:
  std::string edited(const std::string& text, Rng& draws) const override;

  double probability_;
  std::vector<double> alphas_;  // of replace, insert, swap, delete
  std::vector<int> edits_;      // those with alpha > 0
};

}  // namespace graft::plugins
