// How the camera was held: the EXIF tag Orientation, and the picture turned upright by it.
#pragma once

#include <string_view>

#include "graft/tensor.hpp"

namespace graft::plugins {

// 1 to 8, from a TIFF header and its first directory (what follows "Exif\0\0"); 1 where there is none or it is damaged.
int exif_orientation(std::string_view tiff);

// A view of [height, width, channels] turned and mirrored as Pillow's ImageOps.exif_transpose does; sides may swap.
Tensor upright(const Tensor& pixels, int orientation);

}  // namespace graft::plugins
