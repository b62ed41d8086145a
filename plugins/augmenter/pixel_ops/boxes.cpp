#include "boxes.hpp"

#include <cmath>

namespace graft::plugins {

BoxSides draw_sides(double area, const BoxRules& rules, Rng& rng) {
  const double share = area * rules.scale.draw(rng);
  const double ratio = std::exp(Range{std::log(rules.ratio.low), std::log(rules.ratio.high)}.draw(rng));
  return {std::llrint(std::sqrt(share * ratio)), std::llrint(std::sqrt(share / ratio))};
}

PixelBox placed(std::int64_t box_height, std::int64_t box_width, std::int64_t height, std::int64_t width, Rng& rng) {
  const std::int64_t top = rng.below(height - box_height + 1);
  return {top, rng.below(width - box_width + 1), box_height, box_width};
}

}  // namespace graft::plugins
