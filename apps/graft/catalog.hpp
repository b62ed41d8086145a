// The catalog that every verb looks components up in: graft's own plugins lie beside the program.
#pragma once

#include "core/registry/plugin_catalog.hpp"
#include "verbs.hpp"

namespace graft::app {

inline constexpr const char* kThisProgram = "/proc/self/exe";  // that probes are run by

core::SearchPath search_path(const PluginOptions& options);
core::PluginCatalog open_catalog(const PluginOptions& options);

}  // namespace graft::app
