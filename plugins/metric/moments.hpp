// Moments: means and centred sums of pairs, kept so that merging loses no digits even where the means are huge.
//
//   formula  S_xy of both = S_xy of a + S_xy of b + (mean_x of b - mean_x of a)(mean_y of b - mean_y of a) n_a n_b / (n_a + n_b)
//   source   Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance", Am. Stat. 37(3)
#pragma once

#include <limits>
#include <vector>

namespace graft::plugins {

struct Moments {
  double n = 0, mean_x = 0, mean_y = 0;
  double s_xx = 0, s_yy = 0, s_xy = 0;  // sums of (x - mean_x)^2, (y - mean_y)^2, (x - mean_x)(y - mean_y)
  double low_x = std::numeric_limits<double>::infinity(), high_x = -low_x;
  double low_y = low_x, high_y = -low_x;

  static Moments of(const std::vector<double>& x, const std::vector<double>& y);  // two passes
  void merge(const Moments& other);
  double correlation() const;  // Pearson's r in [-1, 1]; NaN for fewer than 2 pairs or where x or y is constant
};

}  // namespace graft::plugins
