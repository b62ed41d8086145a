// Resolve: from the file that a user wrote to the config that the run obeys.
//
//   order    extends, then --set, then `*`, then the checks; each problem of each step is reported, all at once
//   opens    no plugin and no data: only config files are read, and inputs are looked up by name
#pragma once

#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "core/config/document.hpp"
#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct ResolvedConfig {
  Value root;                      // every section, every parameter; `use` are full names, paths absolute; places as written
  std::vector<std::string> files;  // as read, the one that the user named first
  std::string name;                // of that file, without folder and extension
};

// throws ConfigErrors
ResolvedConfig resolve_config(const std::string& path, const std::vector<std::string>& sets, const Catalog& catalog);
ResolvedConfig resolve_config(const std::string& path, const std::vector<std::string>& sets, const Catalog& catalog,
                              const ReadFile& read);

// The resolved config of a run folder (config.json), as it was written. throws Error when it is not there or not graft's.
Value load_resolved(const std::string& path);

}  // namespace graft::core
