// Spearman: how well predictions put the rows in the order of their labels.
//
//   formula  Pearson's r of the ranks; equal values share the mean of their ranks
//   value    in [-1, 1]; NaN for fewer than 2 rows, where predictions or labels are all equal, or a prediction is NaN
//   memory   keeps two numbers a row: ranks need all values
//   errors   see number_pairs.hpp
#pragma once

#include "../number_pairs.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Spearman final : public NumberMetric {
 public:
  explicit Spearman(const Config&);
  void merge(const Metric& other) override;
  double value() const override;

 private:
  void clear() override;
  void add(const NumberPairs& pairs) override;
  NumberPairs seen_;
};

}  // namespace graft::plugins
