// F1: the harmonic mean of precision and recall.
//
//   formula   F1 of a class = 2 hits / (rows of the class + rows predicted as it); 0 when both are 0
//   average   see class_average.hpp; macro: over classes that occur in labels or predictions
//             micro: hits, rows and predictions summed over classes first; with one label a row it equals accuracy
//   sets      of label sets a row is of a class where its set holds it; 0 where no set, true or predicted, holds any class
//   value     in [0, 1]; NaN when no row has a label
//   source    scikit-learn, sklearn.metrics.f1_score
//   differs   of label sets, scikit-learn's macro counts a class that no set holds as 0; here it is left out
//   errors    see confusion.hpp and class_average.hpp
#pragma once

#include "../class_average.hpp"
#include "../confusion.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class F1 final : public ConfusionMetric {
 public:
  explicit F1(const Config& config);
  void build(const Schema& predictions, const Field& target) override;
  double value() const override;

 private:
  double of_class(std::int64_t c) const;
  double macro() const;
  double weighted() const;
  double micro() const;

  ClassAverage average_;
};

}  // namespace graft::plugins
