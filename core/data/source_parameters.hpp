// A source from parameters that no config went through: what init and predict write themselves. Checked and completed by the
// manifest's schema, as a config's would be.
#pragma once

#include <memory>
#include <string>

#include "core/registry/loader.hpp"
#include "graft/source.hpp"
#include "graft/value.hpp"

namespace graft::core {

// `parameters`: {"use": "graft/csv", "path": ...}; `name` is the entry's. throws Error: no plugin provides it; the first problem.
std::shared_ptr<Source> make_source(Value parameters, const std::string& name, Loader& loader);

}  // namespace graft::core
