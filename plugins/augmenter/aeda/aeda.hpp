// Aeda: puts punctuation marks between the words of a text at random; words and their order stay ("an easier data augmentation").
//
//   marks    q before q different words of n, q even in 1 .. floor(share n + 1), at most n; each mark drawn evenly
//   words    what white space separates; a mark and a space come before the word, all else stays
//   column   [B] text, changed in place; a text without words stays
//   draws    from rng.row(row id) alone
//   source   Karimi et al. 2021, arXiv:2108.13230, and its code: share is PUNC_RATIO
//   differs  the paper adds changed copies to the training rows; here each epoch changes each row anew
//   scope    row; threads any
#pragma once

#include <string>
#include <vector>

#include "../text_ops/text_edit.hpp"

namespace graft::plugins {

class Aeda final : public TextEdit {
 public:
  explicit Aeda(const Config& config);

 private:
  std::string edited(const std::string& text, Rng& draws) const override;

  double share_;
  std::vector<std::string> marks_;
};

}  // namespace graft::plugins
