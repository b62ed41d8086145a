#include <malloc.h>

#include <optional>

#include "catalog.hpp"
#include "core/conformance/outputs.hpp"
#include "core/run/run.hpp"
#include "graft/error.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

// Gradients as large as an embedding table come and go in every step. Kept in the heap they cost nothing; given back to the
// system, each megabyte costs a round of page faults.
void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_ARENA_MAX, 2);
}

core::RunFolder::Existing existing(const TrainOptions& options) {
  if (options.resume && options.overwrite) throw Error("train", "--resume and --overwrite exclude each other");
  if (options.resume) return core::RunFolder::Existing::kResume;
  return options.overwrite ? core::RunFolder::Existing::kOverwrite : core::RunFolder::Existing::kRefuse;
}

}  // namespace

int train(const TrainOptions& options, const PluginOptions& plugins) {
  if (options.config.empty() && !options.resume) throw Error("graft", "train needs a config: graft train FILE.json");
  if (options.resume && options.out.empty()) throw Error("graft", "--resume needs the run's folder: --out DIR");
  keep_freed_memory();
  const core::PluginCatalog catalog = open_catalog(plugins);
  core::ResolvedConfig config;
  if (!options.config.empty()) config = resolved(options.config, options.sets, catalog);
  core::RunFolder folder(options.out.empty() ? core::RunFolder::default_path(config.name) : options.out, existing(options));
  if (options.resume) config = core::config_of_run(folder, options.config.empty() ? nullptr : &config.root);
  std::optional<core::OutputChecks> checks;
  if (options.check) checks.emplace();
  const core::RunEnd end =
      core::run({std::move(config), std::move(folder), options.resume, options.quick, options.profile}, catalog);
  return end == core::RunEnd::kInterrupted ? 3 : 0;
}

}  // namespace graft::app
