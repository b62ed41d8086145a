// Aeda: puts punctuation marks between the words of a text at random, and leaves the words and their order as they are.
//
//   formula  q marks before q different words, q even in 1 .. floor(share * words + 1); each mark even among . ; ? : ! ,
//   words    what white space separates; in a changed text one space stands between words and marks
//   scope    row; a row is changed with chance `probability`
//   errors   Error("acme/aeda") when the column is no text
//   source   Karimi et al. 2021, arXiv:2108.13230, and its code: share is PUNC_RATIO
//   differs  the paper adds changed copies to the training rows; here each epoch changes each row anew
#pragma once

#include <graft/augmenter.hpp>
#include <graft/config.hpp>

#include <string>

namespace acme_text {

class Aeda final : public graft::Augmenter {
 public:
  explicit Aeda(const graft::Config& config);
  Scope scope() const override { return Scope::kRow; }
  graft::Schema outputs(const graft::Schema& inputs) const override;
  graft::Tap augment(graft::Batch& batch, graft::Rng rng) const override;

 private:
  std::string punctuated(const std::string& text, graft::Rng& draws) const;

  std::string column_;
  double share_, probability_;
};

}  // namespace acme_text
