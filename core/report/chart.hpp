// Charts as inline SVG: no script needed, colours from the page's style, so that they follow light, dark and print.
//
//   C classes   a chart with nothing to show is an empty string
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/report/run_report.hpp"

namespace graft::core::chart {

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;  // x rising; points whose y is NaN or infinite are left out
  int colour = 0;                                 // index of the palette
  bool faint = false;                             // behind the others, thin
  bool dots = false;                              // a dot at each point
};

struct Plot {
  std::string title, x_label;
  std::vector<Line> lines;
  double marker = std::numeric_limits<double>::quiet_NaN();  // a vertical line at this x
  std::string marker_label = {};
};

std::string lines(const Plot& plot);  // a figure with its legend

// `window` neighbours averaged, by a centred window that shrinks at the ends; at most `most` points are kept.
std::vector<std::pair<double, double>> smoothed(const Curve& curve, std::size_t window, std::size_t most = 400);

// Values with their intervals on one axis, and baselines as ticks: how far the model is from what is cheap.
std::string whiskers(const MetricResult& metric);

std::string confusion(const HeadResult& result);    // [C][C], shade by share of the true class; numbers up to 12 classes
std::string reliability(const HeadResult& result);  // confidence against accuracy, dot area by rows
std::string scatter(const HeadResult& result);      // truth against prediction

// Expected calibration error: the mean of |accuracy - confidence| over bins, by rows. NaN without rows.
double calibration_error(const std::vector<ReliabilityBin>& bins);

}  // namespace graft::core::chart
