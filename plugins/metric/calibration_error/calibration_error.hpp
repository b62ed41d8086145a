// CalibrationError: how far confidence and accuracy lie apart (expected calibration error, ECE). Lower is better.
//
//   formula   sum over bins b of n_b / n |accuracy_b - confidence_b|, the means of the n_b rows in the bin
//   row       its confidence is the largest probability, right where that class (the first of equals) is the label
//   bins      `bins` of equal width: bin b of M holds confidences in (b / M, (b + 1) / M], the first also 0
//   value     in [0, 1]; NaN when no row has a label, or a confidence is NaN
//   source    Guo et al. 2017, arXiv:1706.04599
//   errors    see probabilities.hpp; metrics of different `bins` cannot be merged
#pragma once

#include <vector>

#include "../probabilities.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class CalibrationError final : public ProbabilityMetric {
 public:
  explicit CalibrationError(const Config& config);
  void merge(const Metric& other) override;
  double value() const override;
  bool higher_is_better() const override { return false; }

 private:
  void clear() override;
  void add(const RowScore& score) override;

  std::size_t bins_;
  std::vector<double> surplus_;  // [bins] sum over the bin's rows of (right - confidence)
  double rows_ = 0;
};

}  // namespace graft::plugins
