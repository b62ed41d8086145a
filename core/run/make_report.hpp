// From a finished training to its RunReport.
#pragma once

#include <string>
#include <vector>

#include "core/report/run_report.hpp"
#include "core/run/assembly.hpp"
#include "core/run/run.hpp"
#include "core/train/training.hpp"

namespace graft::core {

struct RunTimes {     // seconds
  double begin = 0;   // of this process, by the steady clock
  double before = 0;  // of training in the part of the run that a resume goes on from
  double evaluate = 0, all = 0;
};

std::vector<HeadResult> head_results(const Evaluation& evaluation, const Assembly& assembly, const std::string& split,
                                     std::int64_t step, Loader& loader);

void add_soup(RunReport& report, const Mix& mix);

RunReport make_report(const RunRequest& request, const Assembly& assembly, const Training& training,
                      std::vector<HeadResult> results, Loader& loader, std::vector<WarningCount> warnings, const RunTimes& times);

}  // namespace graft::core
