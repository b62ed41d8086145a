// PictureReader: from a file to pixels of one shape, whatever the file holds.
//
//   order    decoded, turned upright (EXIF), grey or RGB, brought to size
//   grey     (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow's convert("L")
//   size     bilinear with antialias on uint8, as torchvision's resize(antialias=True) and, within one level, Pillow's
//   crop     the shorter side to the size asked for, then the middle cut out: torchvision's Resize and CenterCrop
//   stretch  both sides to the size asked for
//   threads  read() on any number
//   throws   BadPicture, which says why and not which file
#pragma once

#include <cstdint>
#include <string>

#include "decoded.hpp"

namespace graft::plugins {

struct PictureReader {
  enum class Fit { kCrop, kStretch };

  std::int64_t channels = 3, height = 0, width = 0;
  Fit fit = Fit::kCrop;

  Tensor read(const std::string& path) const;  // [channels, height, width] uint8

 private:
  Tensor coloured(const Tensor& pixels) const;
  Tensor sized(const Tensor& image) const;
};

}  // namespace graft::plugins
