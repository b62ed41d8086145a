// StandardScaler: brings every feature to mean 0 and variance 1, and puts them side by side as one vector.
//
//   formula  (x - mean) / scale,  scale = sqrt(population variance), or 1 for a constant feature
//   columns  [B] double or int64, or [B, D] float or double; in the order of the config, D features in all
//   makes    [B, D] double, kVector, under the step's name
//   missing  a NaN does not count in fit; in transform it is an error, or becomes the mean, so 0, with missing: "mean"
//   source   scikit-learn 1.7, preprocessing.StandardScaler, whose test for constant features is kept: variance at most
//            n eps variance + (n mean eps)^2
//   differs  scikit-learn lets NaN through, which would make a model's loss NaN
//   threads  any, for transform
//   throws   Error when a column has no value in the training rows, an infinite value, or a NaN as said; or before fit
#pragma once

#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class StandardScaler final : public Extractor {
 public:
  explicit StandardScaler(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // tensors "mean" [D], "scale" [D], double
  void restore(const State& state) override;

 private:
  Tensor features(const Batch& batch) const;  // [B, D] double
  std::string name_of(const Batch& batch, std::int64_t feature) const;

  std::vector<std::string> columns_;
  std::string output_;
  bool missing_is_mean_;
  Tensor mean_, scale_;  // [D] double; undefined before fit
};

}  // namespace graft::plugins
