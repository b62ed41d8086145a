// GaussianBlur: blurs pictures at random, each by a width of its own.
//
//   column   [B, C, H, W] kImage of bytes, changed in place
//   width    sigma, uniform in its range
//   draws    two a row from rng.row(row id): whether the picture is blurred, and sigma
//   source   torchvision, transforms.v2.GaussianBlur, in RandomApply where `probability` is under 1; within 1 level of it
//   scope    batch, on the run's device
//   throws   Error when kernel_size is even or too large for the picture, sigma is no range, the pictures are no bytes any more
#pragma once

#include <cstdint>
#include <string>

#include "../pixel_ops/ranges.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class GaussianBlur final : public Augmenter {
 public:
  explicit GaussianBlur(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  std::int64_t kernel_size_;
  Range sigma_;
  double probability_;
};

}  // namespace graft::plugins
