// Scaler: what the steps share that bring each feature to (x - center) / scale, both measured on the training rows.
//
//   columns  [B] double or int64, or [B, D] float or double; in the order of the config, D features in all
//   makes    [B, D] double, kVector, under the step's name
//   missing  NaN does not count in fit and stays NaN, as in scikit-learn; `impute` fills it
//   threads  any, for transform
//   throws   Error when a column has no value in the training rows, an infinite value; or transform comes before fit
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "feature_columns.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Scaler : public Extractor {
 public:
  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // tensors "center" [D], "scale" [D], double
  void restore(const State& state) override;

 protected:
  Scaler(const Config& config, const char* where);

  struct Affine {
    double center, scale;
  };
  virtual Affine measure(const std::vector<double>& sorted) const = 0;  // a feature's values, at least one
  virtual Tensor finish(Tensor scaled) const { return scaled; }

 private:
  FeatureColumns columns_;
  std::string output_;
  Tensor center_, scale_;  // [D] double; undefined before fit
};

// A scale that may be divided by: 1 where it is under 10 of the smallest step of a double.   source   scikit-learn, _handle_zeros_in_scale
double safe_scale(double scale);

}  // namespace graft::plugins
