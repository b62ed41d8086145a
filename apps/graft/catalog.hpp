// The catalog that every verb looks components up in: graft's own plugins lie beside the program.
#pragma once

#include "core/config/resolve.hpp"
#include "core/registry/plugin_catalog.hpp"
#include "verbs.hpp"

namespace graft::app {

inline constexpr const char* kThisProgram = "/proc/self/exe";  // that probes are run by

core::SearchPath search_path(const PluginOptions& options);
core::PluginCatalog open_catalog(const PluginOptions& options);

// The config, whose packages the catalog has in the versions that it asks for.
core::ResolvedConfig resolved(const std::string& path, const std::vector<std::string>& sets, const core::PluginCatalog& catalog);

}  // namespace graft::app
