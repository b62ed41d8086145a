// The section of report.html on several tasks at once: what weighed them, and whether they pull together.
#pragma once

#include <string>

#include "core/report/run_report.hpp"

namespace graft::core {

std::string tasks_html(const TaskBalance& balance);              // empty without a balancer
std::string stopped_html(const std::vector<HeadStop>& stopped);  // heads that learned no more from a step on
std::string baselines_html(
    const std::vector<BaselineResult>& baselines);  // heads against runs that they are not to do worse than

}  // namespace graft::core
