// Files of predictions and metrics that other programs read.
#pragma once

#include <string>

#include "core/evaluate/evaluate.hpp"
#include "core/report/run_report.hpp"
#include "core/run/run_folder.hpp"

namespace graft::core {

// predictions/<split>.csv, or <split>.<stream>.csv where there are several streams: row, the texts and numbers of the source,
// and for each head its truth, prediction and probability.
void write_predictions(const RunFolder& folder, const std::string& split, const Evaluation& evaluation,
                       const std::vector<StreamRows>& rows);

// metrics.csv: step, split, stream, head, metric, value; one line an evaluation and metric, then the final ones.
void write_metrics_csv(const RunFolder& folder, const RunReport& report);

}  // namespace graft::core
