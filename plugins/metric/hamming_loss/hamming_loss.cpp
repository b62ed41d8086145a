#include "hamming_loss.hpp"

namespace graft::plugins {

HammingLoss::HammingLoss(const Config&) : LabelSetMetric("graft/hamming_loss", "accuracy") {}
double HammingLoss::value() const { return (pairs().all - pairs().right) / pairs().all; }  // 0 / 0 is NaN

}  // namespace graft::plugins
