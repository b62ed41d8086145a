// Pca: the directions in which the training rows vary most, and where each row lies along them.
//
//   formula  (x - mean) V^T, V [K, D] the first K right singular vectors of the centred training rows; with `whiten` divided by the
//            standard deviation along each, sqrt(s^2 / (N - 1))
//   sign     the entry of each direction that is largest by size is positive
//   columns  [B] double or int64, or [B, D] float or double; in the order of the config, D features in all
//   makes    [B, K] double, kVector, under the step's name
//   source   scikit-learn 1.9, decomposition.PCA with svd_solver="full"
//   threads  any, for transform
//   throws   Error when a value is missing or infinite, K is more than the training rows or features, or transform comes before fit
#pragma once

#include <string>

#include "../table/feature_columns.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Pca final : public Extractor {
 public:
  explicit Pca(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // tensors "mean" [D], "components" [K, D], "variance" [K], double
  void restore(const State& state) override;

 private:
  void refuse_missing(const Tensor& values, const Batch& batch) const;

  FeatureColumns columns_;
  std::string output_;
  std::int64_t count_;
  bool whiten_;
  Tensor mean_, components_, variance_;  // undefined before fit
};

}  // namespace graft::plugins
