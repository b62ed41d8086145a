// WordDropout: drops words at random, each with the same probability, so that no single word carries a label.
//
//   drops    each word with chance `rate`, one draw a word; where none would stay, one does, drawn evenly
//   words    what white space separates and is more than punctuation: names and numbers too. Punctuation stays with the neighbours
//   column   [B] text, changed in place; no text becomes empty
//   draws    from rng.row(row id) alone
//   source   Iyyer et al. 2015, "Deep unordered composition rivals syntactic methods for text classification", section 3.1;
//            Dai and Le 2015, arXiv:1511.01432; with a placeholder Bowman et al. 2016, arXiv:1511.06349
//   differs  words of the text rather than ids after the tokenizer (that is the plugin token_mask)
//   scope    row; threads any
#pragma once

#include <optional>
#include <string>

#include "../text_ops/text_edit.hpp"

namespace graft::plugins {

class WordDropout final : public TextEdit {
 public:
  explicit WordDropout(const Config& config);

 private:
  std::string edited(const std::string& text, Rng& draws) const override;

  double rate_;
  std::optional<std::string> placeholder_;
};

}  // namespace graft::plugins
