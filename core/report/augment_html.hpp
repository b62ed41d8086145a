// The section of report.html on augmentation: which step changed how many rows of which class, and what became of the class.
#pragma once

#include <string>

#include "core/report/run_report.hpp"

namespace graft::core {

inline constexpr std::size_t kAugmentClasses = 30;  // shown at most: those with the lowest recall

std::string augment_html(const RunReport& report);  // empty where no step augments

// Share of the rows of class c that were predicted as it; NaN without such rows.
double recall_of(const HeadResult& result, std::size_t c);

}  // namespace graft::core
