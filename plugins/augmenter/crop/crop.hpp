// Crop: moves pictures at random by up to `padding` pixels each way; what comes in at the edges is black.
//
//   column   [B, C, H, W] kImage, changed in place; the shape stays
//   draws    two a row from rng.row(row id): the shift down, then right, each uniform in [-padding, padding]
//   source   torchvision, transforms.v2.RandomCrop(size, padding=padding) for pictures of that size
//   scope    batch, on the run's device
#pragma once

#include <cstdint>
#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Crop final : public Augmenter {
 public:
  explicit Crop(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  std::int64_t padding_;
};

}  // namespace graft::plugins
