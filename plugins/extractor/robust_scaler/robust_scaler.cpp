#include "robust_scaler.hpp"

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/robust_scaler";
}

RobustScaler::RobustScaler(const Config& config) : Scaler(config, kWhere) {
  const std::vector<double> range = config.numbers("quantile_range");
  low_ = range[0];
  high_ = range[1];
  if (!(0 <= low_ && low_ <= high_ && high_ <= 100))
    throw Error(kWhere, "quantile_range must be [low, high] with 0 <= low <= high <= 100, got " +
                            to_json(config.value("quantile_range")));
}

Scaler::Affine RobustScaler::measure(const std::vector<double>& sorted) const {
  return {quantile(sorted, 0.5), safe_scale(quantile(sorted, high_ / 100) - quantile(sorted, low_ / 100))};
}

}  // namespace graft::plugins
