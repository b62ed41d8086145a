// The operations that policies such as RandAugment choose from, and how strong each may be.
//
//   source   torchvision 0.26, transforms.v2: RandAugment, TrivialAugmentWide and AutoAugment; the tables there are those here
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graft/batch.hpp"
#include "graft/rng.hpp"
#include "graft/tensor.hpp"

namespace graft::plugins {

enum class PixelOp {
  kIdentity,
  kShearX,
  kShearY,
  kTranslateX,
  kTranslateY,
  kRotate,
  kBrightness,
  kColor,
  kContrast,
  kSharpness,
  kPosterize,
  kSolarize,
  kAutoContrast,
  kEqualize,
  kInvert,
  kHue
};
inline constexpr std::int64_t kPixelOps = 16;

// Where the magnitudes of a policy end: bin b of `bins`, from 0, has b / (bins - 1) of it, in float as torch.linspace.
//
//   shear           tangent; either sign
//   translate       pixels, cut to whole ones; either sign. Of a side where `translates_by_share`
//   rotate          degrees; either sign
//   enhance         brightness, colour, contrast and sharpness: the factor is 1 + this; either sign
//   posterize       bits that go
struct PolicySpace {
  double shear, translate, rotate, enhance, posterize;
  bool translates_by_share;
  std::int64_t bins;
};
inline constexpr PolicySpace kRandAugment = {0.3, 150.0 / 331.0, 30, 0.9, 4, true, 31};
inline constexpr PolicySpace kTrivialAugmentWide = {0.99, 32, 135, 0.99, 6, false, 31};
inline constexpr PolicySpace kAutoAugment = {0.3, 150.0 / 331.0, 30, 0.9, 4, true, 10};

struct PixelStep {
  PixelOp op = PixelOp::kIdentity;
  double amount = 0;  // tangent, pixels, degrees, factor, bits that stay, threshold, or turn of the circle of colours
};

// From "shear_x", ... to the operations, in the order of the list.
std::vector<PixelOp> ops_named(const std::vector<std::string>& names);

// The step of `op` at a bin of the space, its sign drawn from `rng` where it has one.
PixelStep step_of(PixelOp op, std::int64_t bin, const PolicySpace& space, std::int64_t height, std::int64_t width, Rng& rng);

// One step a row of images [N, C, H, W] uint8; rows of one operation run together.
Tensor with_steps(const Tensor& images, const std::vector<PixelStep>& steps);

// throws Error(where) when the column is no picture of 1 or 3 channels.
void require_colours(const Schema& inputs, const std::string& column, std::string_view where);

// The column as pixels. throws Error(where) when it holds no bytes: the step must stand before one that mixes pictures.
const Tensor& pixels_of(const Batch& batch, const std::string& column, std::string_view where);

}  // namespace graft::plugins
