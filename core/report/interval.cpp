#include "core/report/interval.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "graft/error.hpp"

namespace graft::core {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval wilson(std::int64_t hits, std::int64_t rows, double z) {
  if (hits < 0 || hits > rows)
    throw Error("report", "hits must be in [0, " + std::to_string(rows) + "], got " + std::to_string(hits));
  if (rows == 0) return {0, 1};
  const double n = static_cast<double>(rows), p = static_cast<double>(hits) / n, z2 = z * z;
  const double middle = p + z2 / (2 * n), half = z * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)), scale = 1 + z2 / n;
  return {hits == 0 ? 0 : (middle - half) / scale, hits == rows ? 1 : (middle + half) / scale};
}

Interval bootstrap(std::int64_t rows, const std::function<double(std::span<const std::int64_t>)>& statistic, Rng rng, int draws,
                   double level) {
  std::vector<double> values;
  std::vector<std::int64_t> sample(rows);
  for (int draw = 0; rows > 0 && draw < draws; ++draw) {
    Rng own = rng.fork(static_cast<std::uint64_t>(draw));
    for (std::int64_t& row : sample) row = own.below(rows);
    if (const double value = statistic(sample); !std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return {std::nan(""), std::nan("")};
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

}  // namespace graft::core
