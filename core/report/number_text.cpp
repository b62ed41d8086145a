#include "core/report/number_text.hpp"

#include <cmath>
#include <cstdio>

namespace graft::core {

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string thousands(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::ptrdiff_t first = text[0] == '-' ? 1 : 0;
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > first; at -= 3) text.insert(at, ",");
  return text;
}

std::string count_of(std::int64_t number, const std::string& noun) {
  return thousands(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  if (seconds < 9.95) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string memory_text(double megabytes) {
  if (std::isnan(megabytes)) return "-";
  return megabytes < 999.5 ? fixed(megabytes, 0) + " MB" : fixed(megabytes / 1000, 2) + " GB";
}

std::string metric_text(double value) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double size = std::abs(value);
  if (size >= 1000 && size < 1e15) return thousands(std::llround(value));
  if (size >= 1e15 || (size > 0 && size < 0.001)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2e", value);
    return text;
  }
  return fixed(value, size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

std::string interval_text(double low, double high) {
  return std::isnan(low) || std::isnan(high) ? "-" : metric_text(low) + " - " + metric_text(high);
}

}  // namespace graft::core
