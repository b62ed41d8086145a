// FeatureCutoff: sets some dimensions of the embeddings to 0, the same ones for all tokens of a row.
//
//   cuts     floor(share D) of the D dimensions, drawn evenly for each row
//   point    of the model, [N, D]: by default the embeddings as the first layer sees them
//   column   the tokens that the model reads, to tell rows apart; unchanged
//   draws    from rng.row(row id): the same dimensions in each forward pass over the batch
//   source   Shen et al. 2020, arXiv:2009.13818, section 3 (feature cutoff)
//   differs  alone: their agreement loss over several views is not here
//   scope    batch, on the run's device
//   throws   Error when the model has no such point, or its tokens are not those of the column
#pragma once

#include <string>

#include "../hidden_ops/hidden_point.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class FeatureCutoff final : public Augmenter {
 public:
  explicit FeatureCutoff(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  double share_;
  HiddenPoint point_;
};

}  // namespace graft::plugins
