#include "core/config/problems.hpp"
#include "core/registry/packages.hpp"
#include "hostile_plugin.hpp"

using namespace graft;
using namespace graft::core;
using namespace hostile;

namespace {

// What is wrong with the version `wanted` of acme-lower 0.1.0, with the file's path shortened to <path>; or that nothing is.
std::string problems_of(const std::string& wanted) {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  const PluginCatalog catalog(only(folder.path()));
  const Value config = parse_json("{\"plugins\": {\"acme-lower\": \"" + wanted + "\", \"acme-none\": \">=9\"}}", "c.json");
  std::string text = message_of([&] { check_packages(config, catalog); });
  if (const std::size_t at = text.find(path); at != std::string::npos) text.replace(at, path.size(), "<path>");
  return text;
}

}  // namespace

TEST_CASE("packages: a version that is found is one that the config asks for", "[core][registry]") {
  for (const char* wanted : {">=0.1", ">= 0.1.0", "=0.1", "<0.2", "<=0.1.0", ">0.0.9", ">=0.1, <0.2", " > 0 , < 1 "}) {
    INFO(wanted);
    CHECK(problems_of(wanted) == "(nothing was thrown)");
  }
  for (const char* wanted : {">=0.2", ">0.1", "<0.1.0", "<=0.0.9", "=0.1.1", ">=0.1, <0.1"}) {
    INFO(wanted);
    CHECK(problems_of(wanted) == "c.json:1:28: plugins.acme-lower must be " + std::string(wanted) + ", found 0.1.0, <path>");
  }
}

TEST_CASE("packages: what is no version is refused", "[core][registry]") {
  for (const char* wanted : {"", "0.1", "~0.1", ">=", ">=a", ">=0.1 <0.2", ">=0.1,,<1", ">=0.1.0.0.0", ">=99999999999"}) {
    INFO(wanted);
    CHECK(problems_of(wanted) == "c.json:1:28: plugins.acme-lower must be a version like >=0.1, got " + std::string(wanted));
  }
}

TEST_CASE("packages: a config that names none asks for nothing", "[core][registry]") {
  const Folder folder;
  check_packages(parse_json("{}", "c.json"), PluginCatalog(only(folder.path())));
}
