// The verbs that read a config and run nothing: explain, schema; and check, which opens the data as well.
#include <cstdio>

#include "catalog.hpp"
#include "core/config/explain.hpp"
#include "core/config/json_schema.hpp"
#include "core/config/resolve.hpp"
#include "core/registry/loader.hpp"
#include "core/registry/manifest.hpp"
#include "core/run/assembly.hpp"
#include "core/run/teacher.hpp"
#include "core/train/training.hpp"
#include "verbs.hpp"

namespace graft::app {

int explain(const ConfigOptions& options, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  const core::ResolvedConfig config = resolved(options.config, options.sets, catalog);
  const std::string text = options.json ? to_json(config.root, 2) + "\n" : core::explain(config.root, catalog);
  std::fputs(text.c_str(), stdout);
  return 0;
}

int schema(bool is_manifest, const PluginOptions& plugins) {
  if (is_manifest) return std::puts(to_json(core::manifest_schema(), 2).c_str()) < 0;
  const core::PluginCatalog catalog = open_catalog(plugins);
  std::puts(to_json(core::json_schema(catalog), 2).c_str());
  return 0;
}

int check(const ConfigOptions& options, const PluginOptions& plugins) {
  constexpr std::int64_t kRows = 256;  // of each split: enough to fit scalers and see classes
  const core::PluginCatalog catalog = open_catalog(plugins);
  core::ResolvedConfig config = resolved(options.config, options.sets, catalog);
  std::printf("%s: names, types, bounds and files are right\n", options.config.c_str());
  core::Loader loader(catalog);
  core::Assembly assembly = core::assemble(config.root, loader, kRows);
  core::Training training(config.root, assembly.network, *assembly.pipeline, assembly.rows, loader, core::Checkpoints(""),
                          core::teacher_for(assembly, loader));
  for (std::size_t s = 0; s < assembly.rows.size(); ++s)
    std::printf("%s: columns and shapes fit; steps: %s\n", assembly.rows[s].name.c_str(),
                assembly.pipeline->order_text(s).c_str());
  return 0;
}

}  // namespace graft::app
