// The verb that shows what the pipeline makes of some rows, before any training.
#include "core/run/preview.hpp"

#include <cstdio>
#include <filesystem>

#include "catalog.hpp"
#include "core/report/number_text.hpp"
#include "graft/files.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

void print_stream(const core::PreviewStream& stream) {
  std::printf("%-8s %s of %s training rows\n", stream.name.c_str(), core::thousands(std::ssize(stream.rows)).c_str(),
              core::thousands(stream.training_rows).c_str());
  for (const core::PreviewStep& step : stream.steps) {
    std::printf("  %c %-14s %-24s %s", step.is_augmenter ? '~' : ' ', step.name.c_str(), step.use.c_str(),
                step.is_augmenter ? "" : step.summary.c_str());
    if (step.is_augmenter) std::printf("changes %s of them in epoch 1", core::thousands(step.rows_changed()).c_str());
    std::puts("");
  }
}

}  // namespace

int preview(const PreviewOptions& options, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  const core::ResolvedConfig config = resolved(options.config, options.sets, catalog);
  core::Loader loader(catalog);
  const core::Preview seen = core::preview(config, loader, options.rows);
  const std::string out = options.out.empty() ? config.name + ".preview.html" : options.out;
  if (const auto folder = std::filesystem::path(out).parent_path(); !folder.empty()) std::filesystem::create_directories(folder);
  write_file(out, core::preview_html(seen));
  for (const core::PreviewStream& stream : seen.streams) print_stream(stream);
  std::printf("page     %s: open it in a browser\n", std::filesystem::absolute(out).c_str());
  return 0;
}

}  // namespace graft::app
