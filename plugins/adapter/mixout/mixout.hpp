// Mixout: in training each element of a weight is the pre-trained one with probability p; what was learned of the rest is scaled
// up, so that the mean is the weight. Regularises full fine-tuning towards the start.
//
//   formula      W0 + m * (W - W0) / (1 - p),  m = 0 with probability p, else 1, anew in every forward pass
//   W0           the weight when it is attached; a buffer <layer>.<adapter>.pretrained
//   layers       Targets of the parameter `layers`; the weight alone, as in the authors' code
//   evaluation   uses W itself
//   freezes      nothing
//   cost         as much memory again as the chosen weights have, and a copy of each a pass in training
//   merge        nothing to fold: it takes itself off
//   errors       Error("graft/mixout") as Targets; for a layer whose weight does not train
//   source       Lee et al. 2020, arXiv:1909.11299
//   differs      the authors take the model's dropout out as well: set hidden_dropout and attention_dropout to 0 for that
#pragma once

#include "../linear_adapter.hpp"

namespace graft::plugins {

class Mixout final : public Adapter {
 public:
  explicit Mixout(const Config& config);
  void attach(Model& model, Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(Model& model) override;

 private:
  std::string name_;  // of the set of patches
  double probability_;
  Targets targets_;
};

}  // namespace graft::plugins
