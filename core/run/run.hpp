// Run: from a resolved config to a run folder.
#pragma once

#include <string>

#include "core/config/resolve.hpp"
#include "core/registry/plugin_catalog.hpp"
#include "core/run/run_folder.hpp"

namespace graft::core {

struct RunRequest {
  ResolvedConfig config;
  RunFolder folder;
  bool resume = false;
  bool quick = false;    // a few rows and steps through everything
  bool profile = false;  // writes profile.json and prints where the time of some steps went
};

enum class RunEnd { kDone, kInterrupted };

// throws Error, PluginError, PluginRefused: the run failed; status.json says where, and the last checkpoint can be resumed.
RunEnd run(RunRequest request, const PluginCatalog& catalog);

// The config of the run in a folder, for --resume. throws Error when `given` (may be null) differs from it: names the first key.
ResolvedConfig config_of_run(const RunFolder& folder, const Value* given);

}  // namespace graft::core
