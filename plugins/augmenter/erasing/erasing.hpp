// Erasing: covers a random box of pictures, each with the same probability.
//
//   column   [B, C, H, W] kImage of bytes, changed in place
//   box      area: `scale` of the picture's, uniform; height / width: `ratio`, its logarithm uniform; place: uniform. A box as high or as
//            wide as the picture is drawn again; after ten of them the picture stays
//   draws    from rng.row(row id): whether, then area and ratio a try, then top and left, then the bytes of a random cover
//   source   Zhong et al. 2020, arXiv:1708.04896; torchvision, transforms.v2.RandomErasing
//   differs  "random" are uniform bytes, as the paper has it; torchvision's are normal, for pictures already standardised
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more, a range is none, `value` has not one number or one a channel
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../pixel_ops/boxes.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Erasing final : public Augmenter {
 public:
  explicit Erasing(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::optional<PixelBox> box_in(std::int64_t height, std::int64_t width, Rng& rng) const;

  std::string column_;
  double probability_;
  BoxRules rules_;
  std::vector<double> value_;  // one number or one a channel; empty: random bytes
};

}  // namespace graft::plugins
