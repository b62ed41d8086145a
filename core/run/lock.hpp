// lock.json: what a run's numbers depend on besides its config: versions, plugins, and the contents of data and weights.
#pragma once

#include "core/registry/loader.hpp"
#include "core/run/assembly.hpp"
#include "core/run/run.hpp"

namespace graft::core {

// What `auto` chose when the run began, for a run that goes on: a choice that was timed may fall otherwise the next time.
void hold_to_lock(Value& config, const RunFolder& folder);

// A new run writes it. A resumed run compares and throws Error("run") naming what changed.
void check_or_write_lock(const RunRequest& request, const Assembly& assembly, Loader& loader);

}  // namespace graft::core
