// Reading CSV that CsvWriter wrote, such as a run's predictions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graft::core {

// The fields of every line; the last one's LF may be missing.
std::vector<std::vector<std::string>> csv_lines(std::string_view text);

}  // namespace graft::core
