// Interval: how far a number measured on these rows may be from the number on all rows like them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "graft/rng.hpp"

namespace graft::core {

struct Interval {
  double low = 0, high = 0;
};

// Wilson's score interval of a proportion such as accuracy: good also near 0 and 1 and on few rows.
//
//   formula  (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n),  p = hits / n
//   source   Wilson 1927, doi:10.2307/2276774
//   returns  within [0, 1]; [0, 1] when there are no rows
//   throws   Error when hits is not in [0, rows]
Interval wilson(std::int64_t hits, std::int64_t rows, double z = 1.959963984540054);

// Percentile bootstrap over rows, for any statistic.
//
//   statistic  given `rows` row positions, drawn with replacement, the value on them
//   quantiles  linear between neighbours, (1 - level) / 2 on each side
//   differs    draws whose value is NaN (a resample of one class, say) are left out; NaN, NaN when none is left
//   source     Efron and Tibshirani 1993, chapter 13
//   the same rng gives the same interval; draw i does not depend on the draws before it
Interval bootstrap(std::int64_t rows, const std::function<double(std::span<const std::int64_t>)>& statistic, Rng rng,
                   int draws = 1000, double level = 0.95);

}  // namespace graft::core
