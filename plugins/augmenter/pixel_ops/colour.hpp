// Colour operations on a batch of pictures, each row with an amount of its own, on the pictures' device.
//
//   images   [N, C, H, W] uint8, C 1 or 3
//   factor   [N] double: 1 changes nothing, 0 is black (brightness), the mean grey (contrast), grey (saturation), blurred (sharpness)
//   returns  [N, C, H, W] uint8, cut off at 0 and 255
//   source   torchvision 0.26, transforms.v2.functional on uint8 tensors, whose rounding is kept: equal to it bit for bit
#pragma once

#include "graft/tensor.hpp"

namespace graft::plugins {

Tensor with_brightness(const Tensor& images, const Tensor& factor);
Tensor with_contrast(const Tensor& images, const Tensor& factor);
Tensor with_saturation(const Tensor& images, const Tensor& factor);
Tensor with_sharpness(const Tensor& images, const Tensor& factor);  // sides under 3 are left as they are
Tensor with_hue(const Tensor& images, const Tensor& turn);          // [N]: colours turned by `turn` of the circle; grey stays
Tensor greyed(const Tensor& images);                                // of the same number of channels
Tensor posterized(const Tensor& images, const Tensor& bits);        // [N]: keeps the upper `bits` of each byte
Tensor solarized(const Tensor& images, const Tensor& threshold);    // [N]: inverts pixels at or over it
Tensor autocontrasted(const Tensor& images);                        // each channel stretched to 0 .. 255
Tensor equalized(const Tensor& images);                             // each channel's histogram made even, as Pillow's
Tensor inverted(const Tensor& images);

}  // namespace graft::plugins
