// F1: the harmonic mean of precision and recall.
//
//   formula   F1 of a class = 2 hits / (rows of the class + rows predicted as it); 0 when both are 0
//   average   binary    of the class `positive` alone; needs 2 classes
//             macro     the plain mean over classes that occur in labels or predictions
//             weighted  the mean weighted by rows of each class
//             micro     over all rows at once; with one label a row it equals accuracy
//             auto      binary for 2 classes, else macro
//   value     in [0, 1]; NaN when no row has a label
//   source    scikit-learn, sklearn.metrics.f1_score
//   throws    Error when `positive` is no class, or is given for another average than binary
#pragma once

#include <optional>

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
  std::int64_t positive_class(const Field& target) const;

  std::string wanted_, average_;  // as configured; as resolved by build()
  std::optional<std::string> positive_name_;
  std::int64_t positive_ = 0;
};

}  // namespace graft::plugins
