// Binarize: a number becomes one of two classes.
//
//   formula  1 when value > threshold, else 0; kMissingClass when the value is missing
//   column   [B] double or int64
//   makes    [B] int64, kClass with the two names of `classes`, under the step's name
//   source   scikit-learn, preprocessing.Binarizer
//   differs  a missing value stays missing; scikit-learn refuses NaN
//   threads  any
#pragma once

#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Binarize final : public Extractor {
 public:
  explicit Binarize(const Config& config);  // throws Error when the two class names are the same

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;

 private:
  std::string column_, output_;
  double threshold_;
  std::vector<std::string> classes_;
};

}  // namespace graft::plugins
