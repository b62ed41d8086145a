// RandAugment: a few operations a picture, one after the other, all of one strength: shears, shifts, turns, changes of colour.
//
//   column   [B, C, H, W] kImage of bytes, C 1 or 3, changed in place; nearest pixel, black from outside
//   draws    from rng.fork(number of the operation).row(row id): the operation, one of `operations`, and its sign where it has one
//   source   Cubuk et al. 2020, arXiv:1909.13719; torchvision, transforms.v2.RandAugment
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more: mixup and cutmix come after it
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../pixel_ops/policy.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class RandAugment final : public Augmenter {
 public:
  explicit RandAugment(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  std::vector<PixelOp> ops_;  // to draw from
  std::int64_t num_ops_, magnitude_;
};

}  // namespace graft::plugins
