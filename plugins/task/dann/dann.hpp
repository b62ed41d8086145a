// Dann: features that a discriminator cannot tell the domain from.
//
//   formula   d = mean binary cross-entropy of a discriminator on features of both domains; the discriminator minimises d, the
//             model its heads' losses - lambda d, lambda = weight (2 / (1 + exp(-gamma p)) - 1), p the share of the run done
//   at once   by gradient reversal, in the model's optimizer
//   alternate the model first, then the discriminator on the same features with an optimizer of its own
//   parts     a batch that did not fit runs in parts, since d is a mean over rows; not when alternating
//   source    Ganin et al. 2016, JMLR 17; gamma 10 is theirs
//   differs   from tllib, whose lambda reaches 0.46 at the end
#pragma once

#include "../adaptation.hpp"
#include "../discriminator.hpp"

namespace graft::plugins {

class Dann : public Adaptation {
 public:
  explicit Dann(const Config& config) : Dann(config, "graft/dann") {}
  void setup(Session& session) override;
  bool splittable() const override { return !alternates_; }

 protected:
  Dann(const Config& config, std::string name);
  Term penalty(Step& step, const Domain& source, const Domain& target) override;
  void after_step(Step& step) override;

  virtual std::int64_t inputs(Session&) { return width(); }
  virtual Tensor seen(Step&, const Domain& domain) { return domain.features; }  // [B, inputs], what the discriminator reads
  virtual Tensor row_weights(Step&, const Domain& domain);                      // [B]

 private:
  double weight_, gamma_;
  std::int64_t hidden_;
  bool alternates_;
  std::shared_ptr<Discriminator> discriminator_;
  struct Side {
    Tensor seen, weights;
  };
  Side source_, target_;  // of the step, detached
  Term loss(const Side& source, const Side& target) const;
};

}  // namespace graft::plugins
