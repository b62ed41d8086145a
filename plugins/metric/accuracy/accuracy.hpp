// Accuracy: the share of rows whose predicted label is right.
//
//   formula  hits / rows that have a label
//   value    in [0, 1]; NaN when no row has a label
//   errors   see confusion.hpp
#pragma once

#include "../confusion.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Accuracy final : public ConfusionMetric {
 public:
  explicit Accuracy(const Config&);
  double value() const override;
};

}  // namespace graft::plugins
