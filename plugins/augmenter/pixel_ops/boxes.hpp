// Boxes in a picture, of random area and ratio of sides: what random_resized_crop cuts out and erasing covers.
#pragma once

#include <cstdint>

#include "graft/rng.hpp"
#include "ranges.hpp"

namespace graft::plugins {

struct PixelBox {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
};

// How large boxes are: `scale` of the picture's area, uniform; `ratio` of two sides, its logarithm uniform.
struct BoxRules {
  Range scale, ratio;
};
inline constexpr int kBoxTries = 10;  // how often a box that does not fit is drawn anew

struct BoxSides {
  std::int64_t first, second;  // first / second is about the ratio
};
// Two draws: the area, then the ratio. Sides are rounded, half to even, and may be 0.
BoxSides draw_sides(double area, const BoxRules& rules, Rng& rng);

// A uniform place for a box of these sides. Two draws: top, then left. REQUIRES: it fits.
PixelBox placed(std::int64_t box_height, std::int64_t box_width, std::int64_t height, std::int64_t width, Rng& rng);

}  // namespace graft::plugins
