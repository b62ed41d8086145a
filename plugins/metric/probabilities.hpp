// ProbabilityMetric: walks over the rows that have a label, each with the probabilities that the head gave its classes; what
// AUROC, average precision, log loss and the calibration error are computed from.
//
//   predictions  probability [B, C] float
//   truth        [B] int64 class, or [B, C] a distribution, whose largest entry counts (the first of equals)
//   missing      kMissingClass; a distribution that is all zero or has a NaN: the row does not count
//   throws       Error when the head gives no probability, the target is no class, or the two differ in classes or rows
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graft/metric.hpp"

namespace graft::plugins {

struct RowScore {
  std::span<const double> probability;  // [C]
  std::int64_t truth;                   // in [0, C)
};

class ProbabilityMetric : public Metric {
 public:
  explicit ProbabilityMetric(std::string where);  // the component, for errors
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;

 protected:
  virtual void clear() = 0;  // classes() is known
  virtual void add(const RowScore& score) = 0;
  std::int64_t classes() const { return classes_; }  // C
  const std::string& where() const { return where_; }
  void same_classes(const ProbabilityMetric& other) const;  // throws Error unless: what merge() asks first

 private:
  std::string where_, target_;
  std::int64_t classes_ = 0;
};

}  // namespace graft::plugins
