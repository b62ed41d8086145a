// report.html: one file to show to a colleague. It needs no network and no script (a short one adds sorting and read-outs),
// follows the reader's light or dark setting, and can be read on a phone and on paper.
//
//   sections  result, then the data's way: config, data, augmentation, training, tasks, evaluation, run
//   safe      every text from data or config is escaped
#pragma once

#include <string>

#include "core/report/run_report.hpp"

namespace graft::core {

std::string report_html(const RunReport& report);

}  // namespace graft::core
