// Affine maps of a batch of pictures, each row with one of its own, on the pictures' device.
//
//   source   torchvision 0.26, transforms.v2.functional.affine and rotate
#pragma once

#include <array>
#include <vector>

#include "graft/tensor.hpp"

namespace graft::plugins {

// From a place of the result to one of the picture, both counted from the middle: x' = m[0] x + m[1] y + m[2], y' = m[3] x + ...
using AffineMap = std::array<double, 6>;

struct Affine {
  double angle = 0;                         // degrees, clockwise on the screen
  double translate_x = 0, translate_y = 0;  // pixels
  double scale = 1;                         // over 1 the picture grows
  double shear_x = 0, shear_y = 0;          // tangents
  std::array<double, 2> center = {0, 0};    // from the middle, pixels
  AffineMap inverse() const;
};

// images [N, C, H, W] uint8 -> the same, by the nearest pixel; what comes from outside is 0. REQUIRES: a map a row.
Tensor warped(const Tensor& images, const std::vector<AffineMap>& maps);

// The same between four pixels where `is_smooth`; what comes from outside is `fill`, 0 to 255.
Tensor warped_onto(double fill, bool is_smooth, const Tensor& images, const std::vector<AffineMap>& maps);

}  // namespace graft::plugins
