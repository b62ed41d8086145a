#include "catalog.hpp"

#include <filesystem>

namespace graft::app {

core::PluginCatalog open_catalog(const PluginOptions& options) {
  namespace fs = std::filesystem;
  const fs::path bin = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path installed = bin.parent_path() / "lib/graft/plugins", built = bin.parent_path() / "lib";
  return core::PluginCatalog({options.files, options.paths, true, (fs::is_directory(installed) ? installed : built).string()});
}

}  // namespace graft::app
