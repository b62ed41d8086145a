// plugin check over all of graft's own plugins: what is asked of others holds of them.
#include <cstdio>

#include "catch.hpp"
#include "core/conformance/report_text.hpp"
#include "hostile_check.hpp"

using namespace graft::core;
namespace kit = graft::core::conformance;

TEST_CASE("plugin check: graft's own plugins fail no test, and every component of theirs is made", "[conformance][own][slow]") {
  SearchPath path;
  path.has_environment = false;
  path.builtin = GRAFT_PLUGIN_DIR;
  const PluginCatalog catalog(path);
  std::vector<PluginFile> files;
  for (const PluginFile* file : catalog.files()) files.push_back(*file);
  REQUIRE(files.size() == 9);  // a library for each kind but searcher
  const kit::Report report = kit::check_plugins(files, catalog, {});
  for (const kit::Result& result : report.results) {
    INFO(kit::result_text(result));
    CHECK_FALSE(hostile::has_failed(result));
    if (result.test == "construct-defaults") CHECK(result.outcome.verdict == kit::Verdict::kPass);
  }
  std::printf("graft's own plugins: %s\n", kit::total_text(report).c_str());
}
