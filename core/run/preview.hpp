// Preview: what each step of a config's pipeline makes of some training rows, before any model is built. Steps are fitted on all
// training rows, as in a run; the rows shown are drawn by chance, the same each time.
#pragma once

#include "core/config/resolve.hpp"
#include "core/registry/loader.hpp"
#include "core/report/preview_html.hpp"

namespace graft::core {

// `rows` of each stream at most.
Preview preview(const ResolvedConfig& config, Loader& loader, std::int64_t rows);

}  // namespace graft::core
