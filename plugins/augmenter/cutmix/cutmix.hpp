// Cutmix: each picture gets a box out of the next picture of the batch; its label is shared by area.
//
//   formula  a box of sides sqrt(1 - l) of the picture's, l ~ Beta(alpha, alpha), round a uniform middle, cut off at the edges;
//            y' = s y + (1 - s) y_next,  s = 1 - area of the box / area of the picture
//   column   kImage [B, C, H, W], changed in place; keeps its type
//   label    kClass [B] or kSoftClass [B, C], becomes [B, C] float, which the head `classify` takes
//   draws    l, then the middle across and down, from rng.row(row id)
//   missing  a row is left unmixed where it or the next one has no label
//   source   Yun et al. 2019, arXiv:1905.04899; torchvision, transforms.v2.CutMix, for the box
//   differs  one box a row (there one a batch), so that a row's box does not depend on its neighbours; what is in it does
//   scope    batch, on the run's device
//   throws   Error when the label is no class or the column no picture
#pragma once

#include <array>
#include <string>

#include "../mixed_rows.hpp"
#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

// Rows and columns [from, to).
struct Box {
  std::int64_t top, bottom, left, right;
  std::int64_t area() const { return (bottom - top) * (right - left); }
};
// The box of share `l` round (x, y) in a picture.
Box box_of(double l, std::int64_t x, std::int64_t y, std::int64_t height, std::int64_t width);

class Cutmix final : public Augmenter {
 public:
  explicit Cutmix(const Config& config);

  Scope scope() const override { return Scope::kBatch; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;  // learns the classes from the schema

 private:
  std::string column_;
  MixedLabels labels_;
  double alpha_;
};

}  // namespace graft::plugins
