// The kit over a plugin of tests/hostile: what it found, and which test was the first to fail.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/conformance/runner.hpp"

namespace hostile {

namespace kit = graft::core::conformance;

// A variable of the environment for as long as it lives; the kit's processes inherit it.
struct Variable {
  Variable(const char* name, const std::string& value) : name(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name); }
  Variable(const Variable&) = delete;
  const char* name;
};

// `file` is a name in the folder of hostile plugins: "faulty.so".
inline kit::Report checked(const std::string& file, const kit::CheckOptions& options) {
  using namespace graft::core;
  SearchPath path;
  path.files = {std::string(GRAFT_HOSTILE_DIR "/") + file};
  path.has_environment = false;
  path.builtin = GRAFT_PLUGIN_DIR;
  const PluginCatalog catalog(path);
  return kit::check_plugins({inspect(path.files.front(), true)}, catalog, options);
}

inline bool has_failed(const kit::Result& result) {
  return result.outcome.verdict == kit::Verdict::kFail || result.outcome.verdict == kit::Verdict::kCrash;
}

// Of those results that belong to `group`; null where none failed.
inline const kit::Result* first_failure(const kit::Report& report, const std::string& group) {
  const auto& results = report.results;
  const auto found = std::find_if(results.begin(), results.end(),
                                  [&](const kit::Result& result) { return result.group == group && has_failed(result); });
  return found == results.end() ? nullptr : &*found;
}

}  // namespace hostile
