// Range: bounds that a step draws a number between, written as torchvision's transforms take them.
#pragma once

#include <string>
#include <string_view>

#include "graft/config.hpp"
#include "graft/rng.hpp"

namespace graft::plugins {

struct Range {
  double low = 0, high = 0;
  double draw(Rng& rng) const { return low + (high - low) * rng.uniform(); }
};

// The parameter `key`: [low, high], or a number n for [middle - n, middle + n], cut off at `least`.
// throws Error(where) unless least <= low <= high <= most.
Range range_round(double middle, const Config& config, std::string_view key, Range allowed, const std::string& where);

// The same where a number n is [n, n].
Range range_of(const Config& config, std::string_view key, Range allowed, const std::string& where);

// For messages: 1 and 0.5, not 1.0.
std::string written(double number);

}  // namespace graft::plugins
