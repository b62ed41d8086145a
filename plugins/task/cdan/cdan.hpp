// Cdan: as Dann, with a discriminator that sees features together with what the head makes of them.
//
//   formula   input = the outer product of features and softmax(scores), [B, D K]; with `entropy` each row weighs
//             1 + exp(-H(p)): rows that the head is sure of count more
//   gradient  the probabilities and weights are constants
//   source    Long et al. 2018, arXiv:1705.10667; CDAN+E with `entropy`
//   differs   weights are normalised over both domains, which their sum in the mean does
#pragma once

#include "../dann/dann.hpp"

namespace graft::plugins {

class Cdan final : public Dann {
 public:
  explicit Cdan(const Config& config);

 protected:
  std::int64_t inputs(Session& session) override;
  Tensor seen(Step& step, const Domain& domain) override;
  Tensor row_weights(Step& step, const Domain& domain) override;

 private:
  std::string head_;
  bool entropy_;
  Tensor probabilities_;  // of the domain that was seen last, [B, K]
};

}  // namespace graft::plugins
