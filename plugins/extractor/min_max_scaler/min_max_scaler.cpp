#include "min_max_scaler.hpp"

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/min_max_scaler";
}

MinMaxScaler::MinMaxScaler(const Config& config) : Scaler(config, kWhere), clip_(config.flag("clip")) {
  const std::vector<double> range = config.numbers("range");
  low_ = range[0];
  high_ = range[1];
  if (!(low_ < high_)) throw Error(kWhere, "range must be [low, high] with low < high, got " + to_json(config.value("range")));
}

Scaler::Affine MinMaxScaler::measure(const std::vector<double>& sorted) const {
  const double scale = safe_scale(sorted.back() - sorted.front()) / (high_ - low_);
  return {sorted.front() - low_ * scale, scale};
}

Tensor MinMaxScaler::finish(Tensor scaled) const { return clip_ ? scaled.clamp(low_, high_) : scaled; }

}  // namespace graft::plugins
