// ColorJitter: changes brightness, contrast, saturation and hue of each picture at random, in random order.
//
//   column   [B, C, H, W] kImage of bytes, C 1 or 3, changed in place; a grey picture has neither saturation nor hue
//   factors  brightness, contrast, saturation: 1 changes nothing; hue: 0, 0.5 is half the circle of colours. Each uniform in its range
//   draws    from rng.row(row id): the order, three draws; then the four factors
//   source   torchvision, transforms.v2.ColorJitter; for given factors and order equal to it bit for bit
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more, a range is none, or nothing would change
#pragma once

#include <array>
#include <string>

#include "../pixel_ops/policy.hpp"
#include "../pixel_ops/ranges.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class ColorJitter final : public Augmenter {
 public:
  static constexpr std::size_t kChanges = 4;

  explicit ColorJitter(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  struct Change {
    PixelOp op;
    Range range;
    double neutral;
    bool is_on() const { return range.low != neutral || range.high != neutral; }
  };
  std::array<PixelStep, kChanges> drawn(Rng rng) const;  // in the order they come in

  std::string column_;
  std::array<Change, kChanges> changes_;
};

}  // namespace graft::plugins
