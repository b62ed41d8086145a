// plugin trust, unquarantine and probe: which plugin files may run, and their first run.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>

#include "catalog.hpp"
#include "core/registry/crash.hpp"
#include "core/registry/probe.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

// A file, or the 64 hexadecimal digits themselves: the file may be gone.
std::string hash_of(const std::string& name) {
  const bool is_hash =
      name.size() == 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  return is_hash ? name : sha256_of_file(name);
}

int list_trusted(bool json) {
  Value::List entries;
  for (const core::TrustedFile& file : core::TrustStore::of_user().all()) {
    if (!json) std::printf("%s  %s\n  %s\n", file.sha256.c_str(), file.plugin.c_str(), file.path.c_str());
    Value entry = Value::Object{};
    entry.set("sha256", file.sha256);
    entry.set("plugin", file.plugin);
    entry.set("path", file.path);
    entries.push_back(std::move(entry));
  }
  if (json) std::puts(to_json(Value(std::move(entries)), 2).c_str());
  return 0;
}

void trust_file(const std::string& path) {
  const core::PluginFile file = core::inspect(path, true);
  if (file.refused) throw *file.refused;
  const std::string sha256 = sha256_of_file(file.path);
  core::TrustStore::of_user().add({sha256, file.label(), file.path});
  std::printf("trusted  %s\n  %s\n  sha256 %s\n", file.label().c_str(), file.path.c_str(), sha256.c_str());
}

void release(const std::string& sha256) {
  const core::Quarantine quarantine = core::Quarantine::of_user();
  const auto record = quarantine.find(sha256);
  quarantine.remove(sha256);
  core::ProbeCache::of_user().remove(sha256);
  std::printf("released  %s, %s\n", record && !record->plugin.empty() ? record->plugin.c_str() : sha256.c_str(),
              record ? record->text().c_str() : "");
}

}  // namespace

int plugin_trust(const TrustOptions& options) {
  if (options.list) return list_trusted(options.json);
  if (options.files.empty()) throw Error("graft", "plugin trust needs a file, or --list: graft plugin trust FILE");
  for (const std::string& name : options.files) {
    if (!options.remove) {
      trust_file(name);
      continue;
    }
    if (!core::TrustStore::of_user().remove(hash_of(name)))
      throw Error("plugin", name + " is not among the trusted files (graft plugin trust --list shows them)");
    std::printf("no longer trusted  %s\n", name.c_str());
  }
  return 0;
}

int plugin_unquarantine(const std::vector<std::string>& names, bool all) {
  const core::Quarantine quarantine = core::Quarantine::of_user();
  if (names.empty() && !all) throw Error("graft", "plugin unquarantine needs a file, its sha256, or --all");
  if (all)
    for (const core::QuarantineRecord& record : quarantine.all()) release(record.sha256);
  for (const std::string& name : names) {
    const std::string sha256 = hash_of(name);
    if (!quarantine.find(sha256)) throw Error("plugin", name + " is not in quarantine");
    release(sha256);
  }
  return 0;
}

int plugin_probe(const std::string& path, const PluginOptions& plugins) {
  core::catch_crashes(core::Quarantine::of_user().folder(), true);
  core::SearchPath search = search_path(plugins);
  search.files = {path};
  search.has_environment = false;
  search.gate = {};
  const core::PluginCatalog catalog(search);
  const core::PluginFile& file = *catalog.files().front();
  core::Loader loader(catalog);
  for (const std::string& line : core::probe_components(file, loader)) std::puts(line.c_str());
  std::puts(core::kProbeEnd);
  return 0;
}

}  // namespace graft::app
