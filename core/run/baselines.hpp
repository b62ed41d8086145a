// Baselines: does a head do worse than the finished run that its config names? compare_runs() answers.
#pragma once

#include <string>
#include <vector>

#include "core/report/run_report.hpp"
#include "graft/value.hpp"

namespace graft::core {

void check_baselines(const Value& heads);  // before training: throws Error when one is no finished run

// For each head with a `baseline`, every stream whose test rows both runs predicted; `folder` is this run's. Warns where it is worse.
std::vector<BaselineResult> compare_with_baselines(const Value& heads, const std::string& folder);

}  // namespace graft::core
