#include "subset_accuracy.hpp"

namespace graft::plugins {

SubsetAccuracy::SubsetAccuracy(const Config&) : LabelSetMetric("graft/subset_accuracy", "accuracy") {}
double SubsetAccuracy::value() const { return rows().right / rows().all; }  // 0 / 0 is NaN

}  // namespace graft::plugins
