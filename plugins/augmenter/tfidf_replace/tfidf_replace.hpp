// TfidfReplace: replaces words that say little about their text by words that say little in the training rows.
//
//   idf(w)   ln(rows / rows that have w), over the training rows            tf-idf(w, row) = idf(w) * its share of the row's words
//   chance   of a word: (m - tf-idf) / sum over the row * rate * words of the row, at most 1; m the row's largest tf-idf
//   drawn    a word w by the weight M - S(w): S(w) its tf-idf summed over the training rows, M the largest S
//   words    ordinary ones alone (../text_ops/words.hpp), in lower case: names, numbers, @, #, URLs neither go nor come
//   column   [B] text, changed in place; a row whose words all have the same tf-idf stays; words that training lacks have idf ln(rows)
//   draws    from rng.row(row id) alone, one a word and one for each that is replaced
//   source   Xie et al. 2020 (UDA), arXiv:1904.12848, appendix B, and its code: rate is token_prob
//   differs  ordinary words alone; a drawn word takes the case of its place
//   scope    row; threads any
//   throws   Error: no training row has an ordinary word; augment() before fit() or restore()
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "../text_ops/text_edit.hpp"
#include "../text_ops/words.hpp"

namespace graft::plugins {

class TfidfReplace final : public TextEdit {
 public:
  explicit TfidfReplace(const Config& config);

  void fit(const Source& training) override;
  State state() const override;
  void restore(const State& state) override;

 private:
  std::string edited(const std::string& text, Rng& draws) const override;
  std::vector<double> chances(const std::vector<std::string>& words) const;  // one a word
  const std::string& drawn(Rng& draws) const;
  void index();

  double rate_;
  double rows_ = 0;                 // that were fitted on
  std::vector<std::string> words_;  // of the training rows, in byte order
  std::vector<double> idf_;         // of each
  std::vector<double> until_;       // running sum of the weights M - S, over their sum
  std::unordered_map<std::string, std::size_t> place_;
};

}  // namespace graft::plugins
