// Check: a merged config against the schemas of the core and of every component that it names. No plugin is opened.
//
// On the way it completes the config: defaults, `use` as full names and first in their objects, input paths absolute (they
// must exist), `streams` and roles as lists.
#pragma once

#include "core/config/components.hpp"
#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

void check_config(Value& root, const Components& components, Problems& problems);

}  // namespace graft::core
