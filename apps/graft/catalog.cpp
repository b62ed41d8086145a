#include "catalog.hpp"

#include <filesystem>

#include "core/registry/packages.hpp"
#include "core/registry/probe.hpp"
#include "graft/error.hpp"

namespace graft::app {

core::SearchPath search_path(const PluginOptions& options) {
  namespace fs = std::filesystem;
  const fs::path bin = fs::read_symlink(kThisProgram).parent_path();
  const fs::path installed = bin.parent_path() / "lib/graft/plugins", built = bin.parent_path() / "lib";
  core::SearchPath path;
  path.builtin = (fs::is_directory(installed) ? installed : built).string();
  path.gate = core::gate_of_user(kThisProgram);
  path.has_environment = !options.is_safe_mode;
  if (options.is_safe_mode && !(options.files.empty() && options.paths.empty()))
    throw Error("graft", "--safe-mode uses graft's own plugins alone, so it excludes --plugin and --plugin-path");
  path.files = options.files, path.folders = options.paths;
  return path;
}

core::PluginCatalog open_catalog(const PluginOptions& options) { return core::PluginCatalog(search_path(options)); }

core::ResolvedConfig resolved(const std::string& path, const std::vector<std::string>& sets, const core::PluginCatalog& catalog) {
  core::ResolvedConfig config = core::resolve_config(path, sets, catalog);
  core::check_packages(config.root, catalog);
  return config;
}

}  // namespace graft::app
