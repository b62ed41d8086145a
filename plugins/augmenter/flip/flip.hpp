// Flip: mirrors pictures at random, each with the same probability.
//
//   column   [B, C, H, W] kImage, changed in place
//   draws    two a row from rng.row(row id): left and right, then top and bottom
//   source   torchvision, transforms.v2.RandomHorizontalFlip and RandomVerticalFlip
//   scope    batch, on the run's device
#pragma once

#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Flip final : public Augmenter {
 public:
  explicit Flip(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  double horizontal_, vertical_;
};

}  // namespace graft::plugins
