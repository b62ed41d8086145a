#include "core/train/line_search.hpp"

#include <algorithm>
#include <cmath>

namespace graft::core {
namespace {

constexpr double kDecrease = 1e-4, kCurvature = 0.9, kRounding = 1e-12;
constexpr int kMostTries = 40;

Point point_at(Objective& f, const Point& from, const Weights& direction, double step) {
  Point point;
  point.step = step;
  point.x = from.x;
  add_scaled(point.x, step, direction);
  point.value = f.at(point.x, point.gradient);
  point.slope = dot(point.gradient, direction);
  return point;
}

// The minimum of the cubic through both ends with their slopes.
double between(const Point& low, const Point& high) {
  const double width = high.step - low.step;
  const double a = low.slope + high.slope - 3 * (high.value - low.value) / width;
  const double root = std::sqrt(a * a - low.slope * high.slope);
  const double step = high.step - width * (high.slope + root - a) / (high.slope - low.slope + 2 * root);
  if (!std::isfinite(step)) return low.step + width / 2;
  return std::clamp(step, low.step + width / 10, high.step - width / 10);
}

}  // namespace

std::optional<Point> search_line(Objective& f, const Point& from, const Weights& direction, double first) {
  Point low = from;  // falls here
  std::optional<Point> high;
  double step = first;
  for (int tries = 0; tries < kMostTries; ++tries) {
    Point now = point_at(f, from, direction, step);
    const double most = from.value + kDecrease * step * from.slope + kRounding * std::abs(from.value);
    if (!(now.value <= most) || now.slope > kCurvature * -from.slope)
      high = std::move(now);
    else if (now.slope < kCurvature * from.slope)
      low = std::move(now);
    else
      return now;
    step = high ? between(low, *high) : 2 * step;
  }
  return std::nullopt;
}

}  // namespace graft::core
