// AffineStep: turns, shifts, scales and shears each picture at random.
//
//   column   [B, C, H, W] kImage of bytes, changed in place; the shape stays
//   order    scaled and sheared about the middle, turned clockwise, then shifted
//   draws    from rng.row(row id): degrees, shift right and down, scale, shear along x and along y; each uniform in its range
//   shift    rounded to whole pixels, as torchvision does, so that the greatest comes half as often
//   source   torchvision, transforms.v2.RandomAffine; equal to its affine bit for bit where "nearest", else within 1 level
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more, or a range is none
#pragma once

#include <string>

#include "../pixel_ops/affine.hpp"
#include "../pixel_ops/ranges.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class AffineStep final : public Augmenter {
 public:
  explicit AffineStep(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  Affine drawn(std::int64_t height, std::int64_t width, Rng& rng) const;

  std::string column_;
  Range degrees_, scale_, shear_x_, shear_y_;
  double shift_x_, shift_y_;  // of the side
  double fill_;
  bool is_smooth_;
};

}  // namespace graft::plugins
