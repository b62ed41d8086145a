// RandomResizedCrop: a random part of each picture, brought to the picture's size.
//
//   column   [B, C, H, W] kImage of bytes, changed in place; the shape stays
//   box      area: `scale` of the picture's, uniform; width / height: `ratio`, its logarithm uniform; place: uniform. What does not fit
//            is drawn again, ten times at most; then the largest middle part whose ratio is in range
//   resize   bilinear, with antialiasing
//   draws    from rng.row(row id): area and ratio a try, then top and left
//   source   torchvision, transforms.v2.RandomResizedCrop; on CPUs equal to its resized_crop bit for bit, else within 1 level
//   differs  there is no size to give: rows of validation, which no augmenter sees, must have the same
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more, or scale or ratio is no range
#pragma once

#include <string>

#include "../pixel_ops/boxes.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class RandomResizedCrop final : public Augmenter {
 public:
  explicit RandomResizedCrop(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  PixelBox box_in(std::int64_t height, std::int64_t width, Rng& rng) const;

  std::string column_;
  BoxRules rules_;
};

}  // namespace graft::plugins
