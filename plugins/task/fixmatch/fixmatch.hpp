// Fixmatch: learns from labelled rows, and from its own confident answers on rows without labels.
//
//   formula   loss(main) + weight * mean over the target's rows of [max p >= threshold] * loss(strong view, argmax p),
//             p the probabilities of the weak view, without gradient
//   views     strong: rows as the pipeline augments them. Weak: the same rows without augmentation. Both with dropout, of their own
//   streams   main: rows with labels; target: rows whose labels are never read
//   source    Sohn et al. 2020, arXiv:2001.07685
//   differs   images there have a weak augmentation too; here the weak view has none but dropout
//   errors    Error("graft/fixmatch") when no head predicts classes
#pragma once

#include "../adaptation.hpp"

namespace graft {
class Head;
}

namespace graft::plugins {

class Fixmatch final : public Adaptation {
 public:
  explicit Fixmatch(const Config& config);
  void setup(Session& session) override;

 protected:
  bool compares_domains() const override { return false; }  // unlabelled rows of one domain serve too
  Term penalty(Step& step, const Domain& source, const Domain& target) override;

 private:
  Tensor guesses(Step& step, const Batch& rows) const;  // [B] int64: the class, or kMissingClass where it is not sure

  std::string wanted_, head_name_;
  double weight_, threshold_;
  const Head* head_ = nullptr;
};

}  // namespace graft::plugins
