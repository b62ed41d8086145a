// JPEG by libjpeg-turbo: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.
//
//   CMYK     to RGB as Pillow converts: Adobe's inverted values, black multiplied in
//   throws   BadPicture: what libjpeg says of the file; a file that ends before its last row is bad, not grey below
//   threads  any
#pragma once

#include <string_view>

#include "decoded.hpp"

namespace graft::plugins {

bool is_jpeg(std::string_view bytes);
Decoded decode_jpeg(std::string_view bytes);

}  // namespace graft::plugins
