#include "accuracy.hpp"

namespace graft::plugins {

Accuracy::Accuracy(const Config&) : ConfusionMetric("graft/accuracy") {}
double Accuracy::value() const { return all_hits() / total(); }  // 0 / 0 is NaN

}  // namespace graft::plugins
