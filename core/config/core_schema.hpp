// The core's own part of the config, in the terms of parameter schemas (graft/parameters.hpp): each key with its meaning,
// default and bounds. It drives the checks, `explain` and `schema`.
//
// Two words come on top of those schemas. "entries" marks an object of named entries and says what one is called. The format
// "component:<kind>" knows the ten kinds and also step (an extractor or an augmenter), optimizer, schedule and average; the
// "properties" beside it are the host's own keys, which stand among the component's parameters; those of one kind alone stand under
// the kind's name ("augmenter").
#pragma once

#include <vector>

#include "graft/value.hpp"

namespace graft::core {

const Value& core_schema();

// Entries like those of a manifest's "provides" (name, summary, params) for what the core builds itself: kind is "optimizer",
// "schedule" or "average"; empty for any other.
const Value::List& core_components(std::string_view kind);

}  // namespace graft::core
