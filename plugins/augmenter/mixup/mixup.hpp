// Mixup: each row becomes a mixture of itself and the next row of the batch, its label likewise.
//
//   formula  x' = l x + (1 - l) x_next,  y' = l y + (1 - l) y_next,  l ~ Beta(alpha, alpha), y one of C or a distribution
//   columns  kImage [B, C, H, W] or kVector [B, D], changed in place; pictures of bytes become float in [0, 1]
//   label    kClass [B] or kSoftClass [B, C], becomes [B, C] float, which the head `classify` takes
//   draws    one share a row from rng.row(row id)
//   missing  a row is left unmixed where it or the next one has no label
//   source   Zhang et al. 2018, arXiv:1710.09412; torchvision, transforms.v2.MixUp
//   differs  one l a row (there one a batch), so that a row's share does not depend on its neighbours; the partner does
//   scope    batch, on the run's device
//   throws   Error when the label is no class, or a column neither a picture nor a vector
#pragma once

#include <string>
#include <vector>

#include "../mixed_rows.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Mixup final : public Augmenter {
 public:
  explicit Mixup(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;  // learns the classes from the schema

 private:
  std::vector<std::string> columns_;
  MixedLabels labels_;
  double alpha_;
};

}  // namespace graft::plugins
