// Ranks: the place of each value in ascending order, from 1; equal values share the mean of their places.
#pragma once

#include <vector>

namespace graft::plugins {

std::vector<double> ranks_of(const std::vector<double>& values);  // [B]; no value may be NaN
bool has_nan(const std::vector<double>& values);

}  // namespace graft::plugins
