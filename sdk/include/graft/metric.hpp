// Metric: a mergeable count over predictions.
//
//   calls    build (update | merge)* value
//   merge    value after merge(other) equals value over all rows in one metric
#pragma once

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/schema.hpp"

namespace graft {

class GRAFT_API Metric {
 public:
  virtual ~Metric();

  // `predictions` is Head::outputs(), `target` the label's field. throws Error when the metric cannot be computed from them.
  virtual void build(const Schema& predictions, const Field& target) = 0;

  // Rows whose label is missing (kMissingClass, NaN) do not count. Columns are on the CPU.
  virtual void update(const Batch& predictions, const Batch& truth) = 0;

  virtual void merge(const Metric& other) = 0;  // `other` is of the same class and was built alike
  virtual double value() const = 0;             // NaN when nothing was seen
  virtual bool higher_is_better() const;        // default: true
};

}  // namespace graft
