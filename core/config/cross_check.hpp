// What one key of a config says about another: names of streams and heads, epochs of phases, shares of a split.
//
// On the way: `streams`, `fit_on`, an adapter's `heads` and the task's roles become lists ("*" every stream, null stays: the core's own choice);
// a split's shares and the phases' epochs that were left out are filled in.
#pragma once

#include "core/config/components.hpp"
#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

void cross_check(Value& root, const Components& components, Problems& problems);

}  // namespace graft::core
