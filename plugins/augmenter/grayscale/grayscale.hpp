// Grayscale: makes pictures grey at random, each with the same probability; they keep their channels.
//
//   formula  floor(0.2989 red + 0.587 green + 0.114 blue)
//   column   [B, C, H, W] kImage of bytes, C 1 or 3, changed in place; with C 1 nothing changes
//   draws    one a row from rng.row(row id)
//   source   torchvision, transforms.v2.RandomGrayscale; equal to its rgb_to_grayscale bit for bit
//   scope    batch, on the run's device
//   throws   Error when the pictures are no bytes any more
#pragma once

#include <string>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Grayscale final : public Augmenter {
 public:
  explicit Grayscale(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;

 private:
  std::string column_;
  double probability_;
};

}  // namespace graft::plugins
