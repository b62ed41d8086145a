// Impute: puts a number where one is missing, and says beside it where that was.
//
//   fills    mean, median or most_frequent of the feature's values in the training rows (of equally frequent ones the smallest),
//            or the constant `value`
//   columns  [B] double or int64, or [B, D] float or double; in the order of the config, D features in all
//   makes    [B, D + I] double, kVector, under the step's name: the features, then with `indicator` one of 0 and 1 for each of the I
//            features that miss a value in the training rows, 1 where this row misses it
//   source   scikit-learn 1.9, impute.SimpleImputer with add_indicator
//   differs  a feature without any value in the training rows is an error, unless the strategy is constant; there it is dropped
//   threads  any, for transform
//   throws   Error when a column has another kind or an infinite value, or before fit
#pragma once

#include <string>
#include <vector>

#include "../table/feature_columns.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Impute final : public Extractor {
 public:
  explicit Impute(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // tensors "fill" [D] double, "indicated" [I] int64: numbers of features
  void restore(const State& state) override;

 private:
  double fill_of(const std::vector<double>& sorted) const;

  FeatureColumns columns_;
  std::string output_, strategy_;
  double value_;
  bool indicator_;
  Tensor fill_, indicated_;  // undefined before fit
};

}  // namespace graft::plugins
