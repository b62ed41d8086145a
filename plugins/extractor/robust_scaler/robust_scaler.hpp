// RobustScaler: brings every feature's median to 0 and the distance between two of its quantiles to 1, so that outliers count little.
//
//   formula  (x - median) / (q_high - q_low);  quantiles linear between two values, in percent of the training rows
//   source   scikit-learn 1.9, preprocessing.RobustScaler
//   columns, missing, threads, throws: as table/scaler.hpp says; Error when the quantiles are not 0 <= low <= high <= 100
#pragma once

#include <vector>

#include "../table/scaler.hpp"

namespace graft::plugins {

class RobustScaler final : public Scaler {
 public:
  explicit RobustScaler(const Config& config);

 private:
  Affine measure(const std::vector<double>& sorted) const override;

  double low_, high_;  // percent
};

}  // namespace graft::plugins
