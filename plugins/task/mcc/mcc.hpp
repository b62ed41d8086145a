// Mcc: minimum class confusion, predictions on the target that do not mix classes.
//
//   formula   p = softmax(scores / T) of the target's rows; w_i = B (1 + exp(-H(p_i))) / sum of these; C = p^T diag(w) p, each row
//             divided by its sum; penalty = weight * (sum of C off the diagonal) / K
//   source    Jin et al. 2020, arXiv:1912.03699; the weights are constants of the gradient, as in the authors' code
#pragma once

#include "../adaptation.hpp"

namespace graft::plugins {

Tensor mcc_loss(const Tensor& scores, double temperature);  // [B, K] -> []

class Mcc final : public Adaptation {
 public:
  explicit Mcc(const Config& config);
  void setup(Session& session) override;

 protected:
  bool compares_domains() const override { return false; }  // unlabelled rows of one domain serve too
  Term penalty(Step& step, const Domain& source, const Domain& target) override;

 private:
  double weight_, temperature_;
  std::string head_;
};

}  // namespace graft::plugins
