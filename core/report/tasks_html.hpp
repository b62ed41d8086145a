// The section of report.html on several tasks at once: what weighed them, and whether they pull together.
#pragma once

#include <string>

#include "core/report/run_report.hpp"

namespace graft::core {

std::string tasks_html(const TaskBalance& balance);  // empty without a balancer

}  // namespace graft::core
