// Transfer: plain training of all heads on rows of one stream, from pre-trained weights or from nothing, with two pulls if asked.
//
//   formula  batch = next("main"); minimise the sum over heads of loss sum / count
//            l2_sp:  + l2_sp / 2 * the sum over the model's parameters that train of (w - w0)^2, w0 the weights at the start
//            r_drop: two passes; the mean of their losses + r_drop * the mean over rows of (KL(p || q) + KL(q || p)) / 2 of a head's
//                    probabilities of one class a row; of the squared difference of their scores for other heads
//   streams  main: the rows that carry labels
//   source   Li et al. 2018, arXiv:1802.01483 (L2-SP); Liang et al. 2021, arXiv:2106.14448 (R-Drop)
//   differs  L2-SP's second factor, on what is new, is the optimizer's weight_decay. R-Drop as its authors' code: the mean of the two
//            losses, where the paper's formula has their sum; a head with dropout of its own draws again for the scores
//   memory   l2_sp: a copy of the parameters that train
//   errors   those of the host and the heads
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/config.hpp"
#include "graft/task.hpp"

namespace graft::plugins {

class Transfer final : public Task {
 public:
  explicit Transfer(const Config& config);
  void setup(Session& session) override;
  void step(Step& step) override;

 private:
  Term pull(Model& model) const;

  double l2_sp_, r_drop_;
  std::vector<std::pair<std::string, Tensor>> start_;  // by parameter name
};

}  // namespace graft::plugins
