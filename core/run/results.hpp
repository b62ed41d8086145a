// From evaluations to what a report shows: intervals, baselines, confusion, calibration, the rows most wrong.
#pragma once

#include <string>

#include "core/evaluate/evaluate.hpp"
#include "core/report/run_report.hpp"

namespace graft::core {

// `rows`: the stream's rows of that split; `training`: its training rows, for the majority or mean baseline.
HeadResult head_result(const HeadEvaluation& evaluation, const NamedHead& head, const std::string& split,
                       const StreamRows& stream, std::int64_t step, std::uint64_t seed, Loader& loader);

}  // namespace graft::core
