// MinMaxScaler: brings every feature into [0, 1], or another range, by its smallest and largest value in the training rows.
//
//   formula  low + (x - min) (high - low) / (max - min);  a constant feature becomes low + x - min
//   clip     values outside the range, of rows that training did not see, are brought to its ends
//   source   scikit-learn 1.9, preprocessing.MinMaxScaler
//   columns, missing, threads, throws: as table/scaler.hpp says; Error when the range is not [low, high], low < high
#pragma once

#include <vector>

#include "../table/scaler.hpp"

namespace graft::plugins {

class MinMaxScaler final : public Scaler {
 public:
  explicit MinMaxScaler(const Config& config);

 private:
  Affine measure(const std::vector<double>& sorted) const override;
  Tensor finish(Tensor scaled) const override;

  double low_, high_;
  bool clip_;
};

}  // namespace graft::plugins
