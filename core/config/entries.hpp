// Named entries: what the config says about their order (`before`), their shared defaults (`*`) and their removal (null).
#pragma once

#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

// Moves each entry with "before": "sibling" there, and drops the key. A sibling that is not there is a problem.
void place_entries(Value& root, Problems& problems);

// Merges `*` under each of its siblings and drops it; drops removed entries; merges a stream's source under its splits' own.
void spread_defaults(Value& root, Problems& problems);

// Names have no dots and no slashes, and are not empty.
void check_names(const Value& root, Problems& problems);

}  // namespace graft::core
