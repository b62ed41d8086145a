// CharNoise: misspells words inside; their first and last characters stay, so that people still read them.
//
//   hit      each ordinary word (../text_ops/words.hpp) of at least min_length characters, with chance `rate`; one slip a word
//   swap     two inner neighbours change places        drop    an inner character goes
//   add      a letter comes between two characters     change  an inner character becomes another letter
//   column   [B] text, changed in place; numbers, names, @, #, URLs and other scripts stay
//   draws    from rng.row(row id) alone: whether, which slip of `kinds`, where, which letter; all evenly
//   source   Pruthi et al. 2019, arXiv:1905.11268, section 3 (swap, drop, add; their fourth is the plugin keyboard_noise)
//   differs  a swap may exchange equal letters and then changes nothing, as theirs
//   scope    row; threads any
#pragma once

#include <string>
#include <vector>

#include "../text_ops/text_edit.hpp"

namespace graft::plugins {

class CharNoise final : public TextEdit {
 public:
  explicit CharNoise(const Config& config);

 private:
  std::string edited(const std::string& text, Rng& draws) const override;

  double rate_;
  std::size_t min_length_;
  std::vector<std::string> kinds_;
};

}  // namespace graft::plugins
