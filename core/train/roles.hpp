// Roles: which streams play what a task calls them, from the config's task.streams.
//
//   first role   left out: all streams that no other role names. Rows with labels: heads are fitted on its streams, and the default
//                for `evaluate.best` looks at them alone
//   others       must be named
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.hpp"
#include "graft/value.hpp"

namespace graft::core {

// Stream numbers by role. `wanted`: the roles of the task `use`. throws Error("task") for a role that is missing or unknown, with
// what there is.
std::map<std::string, std::vector<std::size_t>> roles_of(const Value& task, const std::vector<std::string>& wanted,
                                                         const std::vector<StreamRows>& rows);

// The same for the first role, which is called "main", when the task is not made yet.
std::vector<std::size_t> main_streams(const Value& task, const std::vector<StreamRows>& rows);
std::vector<std::string> main_streams(const Value& config);  // by name, from the whole config, before any data is read

}  // namespace graft::core
