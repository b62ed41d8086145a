// ManifoldMixup: mixes hidden rows with those of the next row of the batch, and the labels by the same shares.
//
//   formula  h' = l h + (1 - l) h_next at one point of the model,  y' = l y + (1 - l) y_next,  l ~ Beta(alpha, alpha)
//   points   with one row for each row of the batch ("features" of any model, "hidden.0" of an mlp, "blocks.0" of a cnn); where several
//            are named each batch takes one, drawn evenly
//   label    kClass [B] or kSoftClass [B, C], becomes [B, C] float, which the head `classify` takes
//   draws    the point from rng, one share a row from rng.row(row id)
//   missing  a row is left unmixed where it or the next one has no label
//   source   Verma et al. 2019, arXiv:1806.05236
//   differs  one l a row (there one a batch); the input itself is mixed by the plugin mixup
//   scope    batch, on the run's device
//   throws   Error when the label is no class, the model has no such point, or the point not a row for each row
#pragma once

#include <string>
#include <vector>

#include "../hidden_ops/hidden_point.hpp"
#include "../mixed_rows.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class ManifoldMixup final : public Augmenter {
 public:
  explicit ManifoldMixup(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;  // learns the classes from the schema

 private:
  MixedLabels labels_;
  double alpha_;
  std::vector<HiddenPoint> points_;
};

}  // namespace graft::plugins
