// AutoAugment: changes each picture by one of 25 pairs of operations, found by search for photographs, small photographs or digits.
//
//   column   [B, C, H, W] kImage of bytes, C 1 or 3, changed in place; nearest pixel, black from outside
//   draws    from rng.row(row id): the pair; then for each of its operations, whether it comes, and its sign where it has one
//   source   Cubuk et al. 2019, arXiv:1805.09501; torchvision, transforms.v2.AutoAugment, whose results these are bit for bit
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more: mixup and cutmix come after it
#pragma once

#include <array>
#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"
#include "policies.hpp"

namespace graft::plugins {

class AutoAugment final : public Augmenter {
 public:
  explicit AutoAugment(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::array<PixelStep, 2> drawn(std::int64_t height, std::int64_t width, Rng rng) const;

  std::string column_;
  const Policies& policies_;
};

}  // namespace graft::plugins
