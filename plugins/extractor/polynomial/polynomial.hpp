// Polynomial: all products of up to `degree` features.
//
//   columns  [B] double or int64, or [B, D] float or double; in the order of the config, D features in all
//   makes    [B, W] double, kVector, under the step's name: the features themselves, then the products of two, and so on
//   order    a, b with degree 2: a, b, a a, a b, b b; with `interaction_only` no feature twice: a, b, a b
//   W        sum over d = 1 .. degree of C(D + d - 1, d), or of C(D, d) with `interaction_only`; at most 1,000,000
//   missing  a product with a missing number is missing
//   source   scikit-learn 1.9, preprocessing.PolynomialFeatures
//   differs  no feature of ones: heads have a bias. There a missing number is an error
//   threads  any, for transform
//   throws   Error when a column has another kind or an infinite value, or W is too large
#pragma once

#include <string>

#include "../table/feature_columns.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Polynomial final : public Extractor {
 public:
  explicit Polynomial(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;

 private:
  std::int64_t width_of(std::int64_t features) const;

  FeatureColumns columns_;
  std::string output_;
  std::int64_t degree_;
  bool interaction_only_;
};

}  // namespace graft::plugins
