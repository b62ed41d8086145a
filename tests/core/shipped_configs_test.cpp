// Every config that graft ships, against the manifests that graft ships.
#include <filesystem>

#include "catch.hpp"
#include "core/registry/plugin_catalog.hpp"
#include "mutate_config.hpp"

using namespace graft;
using namespace graft::core;

namespace {

// All but examples/plugin, which needs its own plugin.
std::vector<std::string> shipped() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GRAFT_SOURCE_DIR "/examples"))
    if (entry.path().extension() == ".json" && entry.path().parent_path().filename() != "plugin")
      paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

const PluginCatalog& catalog() {
  static const PluginCatalog all({{}, {}, false, GRAFT_PLUGIN_DIR});
  return all;
}

}  // namespace

TEST_CASE("shipped configs: each is sound", "[config][examples]") {
  REQUIRE(shipped().size() >= 6);
  for (const std::string& path : shipped()) {
    INFO(path);
    CHECK(message_of([&] { resolve_config(path, {}, catalog()); }) == "(nothing was thrown)");
  }
}

TEST_CASE("shipped configs: each key misspelt, of a wrong type, out of range or left out is refused at its place",
          "[config][examples]") {
  for (const std::string& path : shipped()) {
    const Mutations mutations = mutate_config(path, catalog());
    INFO(path << ", " << mutations.tried << " slips");
    std::string all;
    for (const std::string& failure : mutations.failures) all += failure + "\n";
    CHECK(all == "");
  }
}
