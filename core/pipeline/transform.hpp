// Passing many rows through one extractor, in pieces, on several threads; the result does not depend on their number.
#pragma once

#include "core/pipeline/pipeline.hpp"

namespace graft::core {

void transform_rows(const PipelineStep& step, Batch& rows, int threads);

}  // namespace graft::core
