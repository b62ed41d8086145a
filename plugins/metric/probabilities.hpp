// ProbabilityMetric: walks over the rows that have a label, each with the probabilities that the head gave its classes; what
// AUROC, average precision, log loss and the calibration error are computed from.
//
//   predictions  probability [B, C] float; of tags [N, C]
//   truth        [B] int64 class, or [B, C] a distribution, whose largest entry counts (the first of equals); of tags [N], and what
//                is said here of rows holds for words; where sets count also a label set [B, C]
//   missing      kMissingClass; a distribution that is all zero or has a NaN: the row does not count
//   throws       Error when the head gives no probability, the target is no class, or the two differ in classes or rows
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graft/metric.hpp"
#include "predictions.hpp"

namespace graft::plugins {

struct RowScore {
  std::span<const double> probability;  // [C]
  std::int64_t truth;                   // in [0, C); of a label set kMissingClass
  std::span<const float> set;           // [C] of a label set: 1 or 0, or NaN where it is missing; else empty
};

class ProbabilityMetric : public Metric {
 public:
  explicit ProbabilityMetric(std::string where, Counts counts = Counts::kOneClass);  // where: the component, for errors
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;

 protected:
  virtual void clear() = 0;  // classes() is known
  virtual void add(const RowScore& score) = 0;
  std::int64_t classes() const { return classes_; }  // C
  const std::string& where() const { return where_; }
  void same_classes(const ProbabilityMetric& other) const;  // throws Error unless: what merge() asks first

 private:
  Tensor probabilities_of(const Batch& predictions, std::int64_t rows) const;  // [B, C] double
  void update_sets(const Tensor& sets, const Batch& predictions);

  std::string where_, target_;
  Counts counts_;
  bool is_set_ = false;
  std::int64_t classes_ = 0;
};

}  // namespace graft::plugins
