#include "graft/plugin.hpp"

#include "accuracy/accuracy.hpp"
#include "auroc/auroc.hpp"
#include "average_precision/average_precision.hpp"
#include "calibration_error/calibration_error.hpp"
#include "f1/f1.hpp"
#include "hamming_loss/hamming_loss.hpp"
#include "log_loss/log_loss.hpp"
#include "mae/mae.hpp"
#include "mcc/mcc.hpp"
#include "pearson/pearson.hpp"
#include "quadratic_kappa/quadratic_kappa.hpp"
#include "r2/r2.hpp"
#include "rmse/rmse.hpp"
#include "span_f1/span_f1.hpp"
#include "spearman/spearman.hpp"
#include "subset_accuracy/subset_accuracy.hpp"

using namespace graft::plugins;

GRAFT_PLUGIN(registrar) {
  registrar.add<Accuracy>("graft/accuracy");
  registrar.add<Auroc>("graft/auroc");
  registrar.add<AveragePrecision>("graft/average_precision");
  registrar.add<CalibrationError>("graft/calibration_error");
  registrar.add<F1>("graft/f1");
  registrar.add<HammingLoss>("graft/hamming_loss");
  registrar.add<LogLoss>("graft/log_loss");
  registrar.add<Mcc>("graft/mcc");
  registrar.add<QuadraticKappa>("graft/quadratic_kappa");
  registrar.add<Mae>("graft/mae");
  registrar.add<Rmse>("graft/rmse");
  registrar.add<R2>("graft/r2");
  registrar.add<Pearson>("graft/pearson");
  registrar.add<SpanF1>("graft/span_f1");
  registrar.add<Spearman>("graft/spearman");
  registrar.add<SubsetAccuracy>("graft/subset_accuracy");
}
