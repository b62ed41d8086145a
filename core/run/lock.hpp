// lock.json: what a run's numbers depend on besides its config: versions, plugins, and the contents of data and weights.
#pragma once

#include "core/registry/loader.hpp"
#include "core/run/assembly.hpp"
#include "core/run/run.hpp"

namespace graft::core {

// A new run writes it. A resumed run compares and throws Error("run") naming what changed.
void check_or_write_lock(const RunRequest& request, const Assembly& assembly, Loader& loader);

}  // namespace graft::core
