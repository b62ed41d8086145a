// ConfusionMetric: how often each class was taken for each, counted from labels: what accuracy, F1, MCC and kappa are made of.
//
//   predictions  label [B] int64, class in [0, C); of tags [N], where kMissingClass (no tag was predicted) is a miss
//   truth        [B] int64 class, or [B, C] a distribution, whose largest entry counts (the first of equals); of tags [N], and what
//                is said here of rows holds for words
//   sets         where they count: both are [B, C] label sets, and every pair of row and class counts by itself
//   missing      kMissingClass; a distribution that is all zero or has a NaN: the row does not count; of a set each NaN by itself
//   throws       Error when the head gives no label, the target is no class, or the two differ in classes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/metric.hpp"
#include "predictions.hpp"

namespace graft::plugins {

class ConfusionMetric : public Metric {
 public:
  explicit ConfusionMetric(std::string where, Counts counts = Counts::kOneClass);  // where: the component, for errors
  void build(const Schema& predictions, const Field& target) override;
  void update(const Batch& predictions, const Batch& truth) override;
  void merge(const Metric& other) override;

 protected:
  std::int64_t classes() const { return static_cast<std::int64_t>(truth_.size()); }  // C
  double total() const { return static_cast<double>(total_); }                       // rows that count
  double hits(std::int64_t c) const { return static_cast<double>(hits_[c]); }        // of class c and predicted as c
  double truth(std::int64_t c) const { return static_cast<double>(truth_[c]); }      // rows of class c
  double predicted(std::int64_t c) const { return static_cast<double>(predicted_[c]); }
  double all_hits() const;
  double squared_distances() const { return static_cast<double>(squared_distances_); }  // sum of (truth - predicted)^2
  double all_truth() const;      // sum over classes; of one class a row total()
  double all_predicted() const;  // the same
  const std::string& where() const { return where_; }

 private:
  void update_sets(const Tensor& labels, const Tensor& guesses);

  std::string where_, target_;
  Counts counts_;
  bool is_set_ = false;
  std::int64_t total_ = 0, squared_distances_ = 0;
  std::vector<std::int64_t> hits_, truth_, predicted_;  // [C] each
};

}  // namespace graft::plugins
