// PNG by libpng: grey of 1 to 16 bits, palette, RGB, all of them with or without alpha, interlaced or not.
//
//   16 bits  to 8 by value * 255 / 65535, rounded
//   alpha    dropped, as Pillow's convert("RGB") drops it: a pixel keeps the colour that it has under its transparency
//   gamma    not applied
//   throws   BadPicture: what libpng says of the file
//   threads  any
#pragma once

#include <string_view>

#include "decoded.hpp"

namespace graft::plugins {

bool is_png(std::string_view bytes);
Decoded decode_png(std::string_view bytes);

}  // namespace graft::plugins
