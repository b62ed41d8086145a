// Neftune: uniform noise on the embeddings of each token in training.
//
//   formula  x + alpha / sqrt(L D) * u,  u even in [-1, 1) for each element; L tokens in the row, D width
//   point    of the model, [N, D]: by default the embeddings as the first layer sees them
//   column   the tokens that the model reads, for L; unchanged. A prompt's tokens get noise too, and L is without them
//   draws    from rng, anew in each forward pass over the batch
//   source   Jain et al. 2023, arXiv:2310.05914
//   differs  behind positions and LayerNorm, where theirs is on the word embeddings; L is the row's own length, where padded batches take
//            the longest row's
//   scope    batch, on the run's device
//   throws   Error when the model has no such point, or its tokens are not those of the column
#pragma once

#include <string>

#include "../hidden_ops/hidden_point.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Neftune final : public Augmenter {
 public:
  explicit Neftune(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  double alpha_;
  HiddenPoint point_;
};

}  // namespace graft::plugins
