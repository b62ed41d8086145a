// The policies that AutoAugment's search found for three data sets, 25 each: one is drawn for a picture.
//
//   source   Cubuk et al. 2019, arXiv:1805.09501, tables 7 to 9; as in torchvision 0.26, AutoAugment._get_policies
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "../pixel_ops/policy.hpp"

namespace graft::plugins {

struct PolicyPart {
  PixelOp op;
  double probability;
  std::int64_t bin;  // of 10; 0 where the operation has none
};

struct Policy {
  PolicyPart first, second;  // one after the other, each with its probability
};

using Policies = std::array<Policy, 25>;

// data "imagenet", "cifar10" or "svhn"
const Policies& policies_of(std::string_view data);

}  // namespace graft::plugins
