// OneVsRestMetric: ranks the rows by the probability of one class and asks how well its rows come first; over all classes the
// mean of that. Of label sets a row is of each class that its set holds. What AUROC and average precision are computed from.
//
//   average  binary: of the class `positive`; macro, weighted: the mean over classes that have a value; see class_average.hpp
//   value    NaN where no class has a value, no row has a label, or a probability is NaN
//   memory   keeps C + 1 numbers a row: ranks need all values
//   errors   see probabilities.hpp and class_average.hpp
#pragma once

#include <vector>

#include "class_average.hpp"
#include "probabilities.hpp"

namespace graft::plugins {

class OneVsRestMetric : public ProbabilityMetric {
 public:
  OneVsRestMetric(std::string where, const Config& config);
  void build(const Schema& predictions, const Field& target) override;
  void merge(const Metric& other) override;
  double value() const override;

 protected:
  // scores [n] without NaN; is_positive [n]. NaN when the value is not defined.
  virtual double of_one(const std::vector<double>& scores, const std::vector<bool>& is_positive) const = 0;

 private:
  void clear() override;
  void add(const RowScore& score) override;
  ClassAverage average_;
  std::vector<std::vector<double>> probability_;  // [C][n], of a label set the n rows where the class is known
  std::vector<std::vector<bool>> is_positive_;    // [C][n]
};

}  // namespace graft::plugins
