// TrivialAugment: one operation a picture, of any strength: shears, shifts, turns and changes of colour.
//
//   column   [B, C, H, W] kImage of bytes, C 1 or 3, changed in place; nearest pixel, black from outside
//   draws    from rng.row(row id): the operation, one of `operations`, its bin of 31, its sign where it has one
//   source   Mueller and Hutter 2021, arXiv:2103.10158; torchvision, transforms.v2.TrivialAugmentWide with its default arguments
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more: mixup and cutmix come after it
#pragma once

#include <string>
#include <vector>

#include "../pixel_ops/policy.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class TrivialAugment final : public Augmenter {
 public:
  explicit TrivialAugment(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  std::vector<PixelOp> ops_;  // to draw from
};

}  // namespace graft::plugins
