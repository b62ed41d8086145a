// Gaussian blur of a batch of pictures, each row with a width of its own, on the pictures' device.
//
//   images   [N, C, H, W] uint8
//   sigma    [N] float, over 0: the standard deviation, in units of torchvision's, which spreads `kernel_size` places over
//            kernel_size / sqrt(2)
//   size     odd; half of it, rounded down, must be less than H and W
//   returns  [N, C, H, W] uint8; the picture is mirrored at its edges
//   source   torchvision 0.26, transforms.v2.functional.gaussian_blur
//   differs  along the width, then along the height, each in float; torchvision sums over the square. Within 1 level
#pragma once

#include <cstdint>

#include "graft/tensor.hpp"

namespace graft::plugins {

Tensor blurred(const Tensor& images, const Tensor& sigma, std::int64_t size);

}  // namespace graft::plugins
