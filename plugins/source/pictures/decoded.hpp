// Decoded: the pixels of one picture as its file holds them, and how the camera was held.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "graft/tensor.hpp"

namespace graft::plugins {

struct Decoded {
  Tensor pixels;        // [height, width, channels] uint8; 1 channel is grey, 3 are red, green and blue
  int orientation = 1;  // EXIF, 1 to 8; 1 is upright
};

// Why a file is no picture: "ends too early". Whoever reads it names the file.
struct BadPicture : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The most pixels that a picture may have: a file of some kB can claim to unpack to any size.
inline constexpr std::int64_t kMostPixels = 178956970;

// throws BadPicture when either is below 1, or both together exceed kMostPixels.
void check_size(std::int64_t width, std::int64_t height);

}  // namespace graft::plugins
