// From the counts of a training to what its report shows of each augmenter's step.
#pragma once

#include <vector>

#include "core/report/run_report.hpp"
#include "core/run/assembly.hpp"

namespace graft::core {

// In the order of streams, then of the pipeline's steps.
std::vector<AugmentResult> augment_results(const AugmentCounts& counts, const Assembly& assembly);

}  // namespace graft::core
