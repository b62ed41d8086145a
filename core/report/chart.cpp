#include "core/report/chart.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/html.hpp"
#include "core/report/number_text.hpp"

namespace graft::core::chart {
namespace {

using html::element;
using html::escape;

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  Range widened(double share) const {
    const double by = high > low ? share * (high - low) : std::max(std::abs(low) * 0.1, 1e-9);
    return {low - by, high + by};
  }
};

double tick_step(double span, int about) {
  const double raw = span / about, power = std::pow(10, std::floor(std::log10(raw))), share = raw / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

std::vector<double> ticks(const Range& range, int about, double least_step = 0) {
  std::vector<double> at;
  const double step = std::max(tick_step(range.high - range.low, about), least_step);
  for (double i = std::ceil(range.low / step - 1e-9); i * step <= range.high + 1e-9 * step; ++i)
    at.push_back(i == 0 ? 0 : i * step);
  return at;
}

std::string tick_text(double value, double step) {
  if (value == 0) return "0";
  if (step >= 1) return thousands(std::llround(value));
  if (step < 5e-4) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*e",
                  static_cast<int>(std::max(0.0, std::floor(std::log10(std::abs(value))) - std::floor(std::log10(step) + 1e-9))),
                  value);
    return text;
  }
  return fixed(value, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
}

std::string px(double value) {
  std::string text = fixed(value, 1);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string attribute(const char* name, double value) { return std::string(" ") + name + "=\"" + px(value) + "\""; }

std::string text_at(double x, double y, const std::string& text, const std::string& css) {
  return "<text" + attribute("x", x) + attribute("y", y) + " class=\"" + css + "\">" + escape(text) + "</text>";
}

std::string segment(double x1, double y1, double x2, double y2, const std::string& css) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) + " class=\"" + css +
         "\"/>";
}

// Where data lies in the picture.
struct Frame {
  Range x, y;
  double width, height;
  double left = 52, right = 14, top = 10, bottom = 40;
  bool counts = false;  // x counts something: steps, epochs

  double at_x(double value) const { return left + (value - x.low) / (x.high - x.low) * (width - left - right); }
  double at_y(double value) const { return height - bottom - (value - y.low) / (y.high - y.low) * (height - top - bottom); }

  std::string axes(const std::string& x_label) const {
    std::string svg;
    const auto rows = ticks(y, 5), columns = ticks(x, 6, counts ? 1 : 0);
    for (double tick : rows) {
      svg += segment(left, at_y(tick), width - right, at_y(tick), "grid");
      svg += text_at(left - 7, at_y(tick) + 4, tick_text(tick, rows.size() > 1 ? rows[1] - rows[0] : 1), "tick end");
    }
    for (double tick : columns)
      svg += text_at(at_x(tick), height - bottom + 17, tick_text(tick, columns.size() > 1 ? columns[1] - columns[0] : 1),
                     "tick middle");
    svg += segment(left, height - bottom, width - right, height - bottom, "axis");
    return svg + text_at((left + width - right) / 2, height - 5, x_label, "label middle");
  }

  std::string svg(const std::string& inner, const std::string& description) const {
    return "<svg viewBox=\"0 0 " + px(width) + " " + px(height) + "\" role=\"img\" aria-label=\"" + escape(description) + "\"" +
           " data-frame=\"" + px(left) + " " + px(width - right) + " " + px(top) + " " + px(height - bottom) +
           "\" data-domain=\"" + csv(x) + " " + csv(y) + "\">" + inner + "</svg>";
  }

 private:
  static std::string csv(const Range& range) {
    char text[64];
    std::snprintf(text, sizeof text, "%.9g %.9g", range.low, range.high);
    return text;
  }
};

std::string y_label(const std::string& text) {
  return "<text transform=\"translate(12 130) rotate(-90)\" class=\"label middle\">" + escape(text) + "</text>";
}

std::string figure(const std::string& title, const std::string& legend, const std::string& svg, const char* css = "") {
  return element("figure", element("figcaption", element("b", escape(title)) + legend) + svg,
                 std::string("class=\"") + css + "\"") +
         "\n";
}

// The seventh line has the first one's colour, and is dashed.
std::string look_of(const Line& line) {
  constexpr int kColours = 6;
  return " c" + std::to_string(line.colour % kColours) + (line.colour % (2 * kColours) >= kColours ? " dashed" : "");
}

std::string drawn(const Line& line, const Frame& frame) {
  std::string points, dots;
  const std::string colour = look_of(line);
  for (const auto& [x, y] : line.points) {
    if (!std::isfinite(y)) continue;
    points += (points.empty() ? "" : " ") + px(frame.at_x(x)) + "," + px(frame.at_y(y));
    if (line.dots)
      dots += "<circle" + attribute("cx", frame.at_x(x)) + attribute("cy", frame.at_y(y)) + " r=\"3.2\" class=\"dot" + colour +
              "\"/>";
  }
  return "<polyline points=\"" + points + "\" class=\"line" + colour + (line.faint ? " faint" : "") + "\" data-name=\"" +
         escape(line.faint ? "" : line.name) + "\"/>" + dots;
}

std::string legend_entry(const Line& line) {
  return line.faint ? "" : element("span", escape(line.name), "class=\"key" + look_of(line) + "\"");
}

constexpr std::size_t kClassesWithNumbers = 12;

std::string cell_name(const std::string& name, std::size_t longest) { return html::shortened(name, longest); }

double share_of_row(const std::vector<std::int64_t>& row, std::size_t c) {
  std::int64_t all = 0;
  for (std::int64_t count : row) all += count;
  return all == 0 ? 0 : static_cast<double>(row[c]) / static_cast<double>(all);
}

}  // namespace

std::vector<std::pair<double, double>> smoothed(const Curve& curve, std::size_t window, std::size_t most) {
  const std::size_t n = curve.points.size(), stride = n / std::max<std::size_t>(most, 1) + 1;
  std::vector<double> sums{0};
  for (const auto& point : curve.points) sums.push_back(sums.back() + point.second);
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < n; i = i + stride < n || i == n - 1 ? i + stride : n - 1) {
    const std::size_t half = std::min({window / 2, i, n - 1 - i});
    const double mean =
        half == 0 ? curve.points[i].second : (sums[i + half + 1] - sums[i - half]) / static_cast<double>(2 * half + 1);
    points.emplace_back(static_cast<double>(curve.points[i].first), mean);
  }
  return points;
}

std::string lines(const Plot& plot) {
  Frame frame{{}, {}, 480, 280};
  for (const Line& line : plot.lines)
    for (const auto& [x, y] : line.points)
      if (std::isfinite(y)) frame.x.add(x), frame.y.add(y);
  if (frame.y.empty()) return "";
  frame.y = frame.y.widened(0.06);
  frame.counts = true;
  if (frame.x.low == frame.x.high) frame.x = frame.x.widened(0.5);
  std::string svg = frame.axes(plot.x_label), legend;
  if (!std::isnan(plot.marker)) {
    const double x = frame.at_x(plot.marker);
    svg += segment(x, frame.top, x, frame.height - frame.bottom, "marker");
    const bool on_left = x > frame.width * 0.7;
    svg += text_at(x + (on_left ? -5 : 5), frame.height - frame.bottom - 7, plot.marker_label, on_left ? "note end" : "note");
  }
  for (const Line& line : plot.lines) svg += drawn(line, frame), legend += legend_entry(line);
  return figure(plot.title, legend, frame.svg(svg, plot.title));
}

std::string whiskers(const MetricResult& metric) {
  Frame frame{{}, {0, 1}, 460, 122};
  frame.left = frame.right = 20;
  frame.bottom = 32;
  for (double value : {metric.value, metric.low, metric.high}) frame.x.add(value);
  for (const auto& [name, value] : metric.baselines) frame.x.add(value);
  if (frame.x.empty()) return "";
  frame.x = frame.x.widened(0.09);
  const double floor = frame.height - frame.bottom, middle = floor - 24;
  std::string svg = segment(frame.left, floor, frame.width - frame.right, floor, "axis");
  const auto at = ticks(frame.x, 6);
  for (double tick : at)
    svg += text_at(frame.at_x(tick), floor + 17, tick_text(tick, at.size() > 1 ? at[1] - at[0] : 1), "tick middle");
  auto name_at = [&](double x, double y, const std::string& text, const std::string& css) {
    const double share = (x - frame.left) / (frame.width - frame.left - frame.right);
    return text_at(x, y, text, css + (share < 0.14 ? "" : share > 0.86 ? " end" : " middle"));
  };
  double row = 24;  // baselines' names take two rows in turn, so that neighbours do not cover each other
  for (const auto& [name, value] : metric.baselines) {
    if (!std::isfinite(value)) continue;
    svg += segment(frame.at_x(value), row + 5, frame.at_x(value), floor, "baseline");
    svg += name_at(frame.at_x(value), row, name + " " + metric_text(value), "note");
    row = row > 12 ? 10 : 24;
  }
  if (!std::isnan(metric.low)) svg += segment(frame.at_x(metric.low), middle, frame.at_x(metric.high), middle, "whisker");
  if (std::isfinite(metric.value)) {
    svg += "<circle" + attribute("cx", frame.at_x(metric.value)) + attribute("cy", middle) + " r=\"6\" class=\"dot c0\"/>";
    svg += name_at(frame.at_x(metric.value), middle - 14, "this run " + metric_text(metric.value), "strong");
  }
  return frame.svg(svg, metric.name + " against baselines");
}

std::string confusion(const HeadResult& result) {
  const std::size_t classes = result.confusion.size();
  if (classes == 0) return "";
  const bool numbers = classes <= kClassesWithNumbers;
  const double left = numbers ? 118 : 24, top = 46, side = std::min(150.0, (480 - left - 10) / static_cast<double>(classes));
  const double height = std::min(side, 92.0), shift = std::max(0.0, (480 - left - 10 - side * static_cast<double>(classes)) / 2);
  std::string svg = text_at(left + shift + side * static_cast<double>(classes) / 2, 14, "predicted", "label middle");
  for (std::size_t t = 0; t < classes; ++t) {
    const double y = top + height * static_cast<double>(t);
    if (numbers) svg += text_at(left + shift - 8, y + height / 2 + 4, cell_name(result.classes[t], 14), "tick end");
    for (std::size_t p = 0; p < classes; ++p) {
      const double x = left + shift + side * static_cast<double>(p), share = share_of_row(result.confusion[t], p);
      if (numbers && t == 0)
        svg += text_at(x + side / 2, top - 10, cell_name(result.classes[p], static_cast<std::size_t>(side / 7)), "tick middle");
      svg += "<rect" + attribute("x", x + 1) + attribute("y", y + 1) + attribute("width", side - 2) +
             attribute("height", height - 2) + " rx=\"" + (numbers ? "4" : "0") + "\" class=\"" + (t == p ? "heat" : "heat off") +
             "\" fill-opacity=\"" + fixed(0.06 + 0.94 * share, 2) + "\"><title>" +
             escape(result.classes[t] + " taken for " + result.classes[p] + ": " + thousands(result.confusion[t][p]) + " (" +
                    fixed(100 * share, 1) + " %)") +
             "</title></rect>";
      if (!numbers) continue;
      const char* css = share > 0.5 ? "cell on" : "cell";
      svg += text_at(x + side / 2, y + height / 2 + (side > 60 ? 0 : 4), thousands(result.confusion[t][p]), css);
      if (side > 60)
        svg += text_at(x + side / 2, y + height / 2 + 17, fixed(100 * share, 1) + " %", share > 0.5 ? "small on" : "small");
    }
  }
  const double bottom = top + height * static_cast<double>(classes) + 6;
  svg = "<svg viewBox=\"0 0 480 " + px(bottom) + "\" role=\"img\" aria-label=\"confusion matrix\">" + svg + "</svg>";
  return figure("Confusion matrix", element("span", "rows: truth, shade: share of the true class", "class=\"hint\""), svg);
}

double calibration_error(const std::vector<ReliabilityBin>& bins) {
  double sum = 0, rows = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += static_cast<double>(bin.rows) * std::abs(bin.accuracy - bin.confidence);
    rows += static_cast<double>(bin.rows);
  }
  return sum / rows;
}

std::string reliability(const HeadResult& result) {
  std::int64_t most = 0;
  Frame frame{{}, {}, 480, 280};
  for (const ReliabilityBin& bin : result.reliability)
    if (bin.rows > 0) most = std::max(most, bin.rows), frame.x.add(std::min(bin.confidence, bin.accuracy));
  if (most == 0) return "";
  frame.x = frame.y = {std::min(0.5, std::floor(frame.x.low * 10) / 10), 1.02};
  std::string svg = frame.axes("confidence of the prediction") + y_label("share that is right");
  svg += segment(frame.at_x(frame.x.low), frame.at_y(frame.x.low), frame.at_x(1), frame.at_y(1), "ideal");
  Line line{"", {}, 0, true, false};
  std::string dots;
  for (const ReliabilityBin& bin : result.reliability) {
    if (bin.rows == 0) continue;
    line.points.emplace_back(bin.confidence, bin.accuracy);
    dots += "<circle" + attribute("cx", frame.at_x(bin.confidence)) + attribute("cy", frame.at_y(bin.accuracy)) +
            attribute("r", 3 + 9 * std::sqrt(static_cast<double>(bin.rows) / static_cast<double>(most))) +
            " class=\"bubble\"><title>" +
            escape(thousands(bin.rows) + " rows, confidence " + fixed(bin.confidence, 2) + ", right " + fixed(bin.accuracy, 2)) +
            "</title></circle>";
  }
  const std::string hint =
      "on the dashed line confidence is honest; expected error " + fixed(calibration_error(result.reliability), 3);
  return figure("Calibration", element("span", hint, "class=\"hint\""),
                frame.svg(svg + drawn(line, frame) + dots, "calibration"));
}

std::string scatter(const HeadResult& result) {
  Frame frame{{}, {}, 480, 400};
  for (const ScatterPoint& point : result.scatter)
    if (std::isfinite(point.truth) && std::isfinite(point.predicted)) frame.x.add(point.truth), frame.y.add(point.predicted);
  if (frame.x.empty()) return "";
  frame.x = frame.x.widened(0.05);
  frame.y = frame.y.widened(0.05);
  std::string svg = frame.axes("truth") + y_label("predicted");
  const double low = std::max(frame.x.low, frame.y.low), high = std::min(frame.x.high, frame.y.high);
  if (low < high) svg += segment(frame.at_x(low), frame.at_y(low), frame.at_x(high), frame.at_y(high), "ideal");
  for (const ScatterPoint& point : result.scatter)
    if (std::isfinite(point.truth) && std::isfinite(point.predicted))
      svg += "<circle" + attribute("cx", frame.at_x(point.truth)) + attribute("cy", frame.at_y(point.predicted)) +
             " r=\"2.4\" class=\"point\"/>";
  return figure("Truth and prediction", element("span", "on the dashed line the prediction is right", "class=\"hint\""),
                frame.svg(svg, "scatter"));
}

}  // namespace graft::core::chart
