// Pearson: linear correlation of predictions and labels.
//
//   formula  r = S_xy / sqrt(S_xx S_yy), centred sums over the rows that have a label
//   value    in [-1, 1]; NaN for fewer than 2 rows, or where predictions or labels are all equal
//   errors   see number_pairs.hpp
#pragma once

#include "../moments.hpp"
#include "../number_pairs.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Pearson final : public NumberMetric {
 public:
  explicit Pearson(const Config&);
  void merge(const Metric& other) override;
  double value() const override;

 private:
  void clear() override;
  void add(const NumberPairs& pairs) override;
  Moments moments_;
};

}  // namespace graft::plugins
