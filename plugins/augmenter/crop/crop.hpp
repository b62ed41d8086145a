// Crop: moves pictures at random by up to `padding` pixels each way.
//
//   column   [B, C, H, W] kImage, changed in place; the shape stays
//   draws    two a row from rng.row(row id): the shift down, then right, each uniform in [-padding, padding]
//   edges    what comes in is `fill`; or pixels of the picture, "edge" the outermost, "reflect" and "symmetric" its mirror image without
//            and with the outermost
//   source   torchvision, transforms.v2.RandomCrop(size, padding, fill=fill, padding_mode=...) for pictures of that size, bit for bit
//   scope    batch, on the run's device
//   throws   Error when the mirror image is smaller than the padding
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
  enum class Edges { kConstant, kEdge, kReflect, kSymmetric };
  static Edges edges_named(const std::string& name);
  Tensor inside(const Tensor& places, std::int64_t side) const;  // places out of the picture, by those of the picture they show

  std::string column_;
  std::int64_t padding_;
  Edges edges_;
  double fill_;
};

}  // namespace graft::plugins
