// The packages that a config says it needs, held to the versions of those that are found.
//
//   takes    {"acme-scale": ">=0.1"}: >=, <=, >, < or = before a version, several with commas, as in ">=0.1, <0.3"
//   throws   ConfigErrors: each line that is no such version, and each package that is found in another one; packages that are not
//            found at all are reported with the rest of the config
#pragma once

#include "core/registry/plugin_catalog.hpp"
#include "graft/value.hpp"

namespace graft::core {

void check_packages(const Value& config, const PluginCatalog& catalog);

}  // namespace graft::core
