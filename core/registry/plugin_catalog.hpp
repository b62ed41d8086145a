// PluginCatalog: the components of all plugin files on the search path, read without running any plugin's code.
//
//   order    files named one by one, folders named, $GRAFT_PLUGIN_PATH, $XDG_DATA_HOME/graft/plugins, graft's own
//   folder   *.so without the prefix lib, and the same in folders named after an ABI variant (g0-torch2.11-...)
//   twice    of two files with one plugin id the earlier counts; one component from two ids is G130 once somebody asks for it
//   privileges   in a set-user-id program the environment and the user's folder count for nothing
//
// GRAFT_PLUGIN_DEBUG=1 prints each folder, file and verdict to standard error.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/config/catalog.hpp"
#include "core/registry/plugin_file.hpp"

namespace graft::core {

struct SearchPath {
  std::vector<std::string> files;    // --plugin: trusted, and refused at once when they do not fit
  std::vector<std::string> folders;  // --plugin-path
  bool has_environment = true;       // GRAFT_PLUGIN_PATH and the user's folder count
  std::string builtin;               // graft's own; empty: none
};

class PluginCatalog final : public Catalog {
 public:
  // throws PluginRefused for a file named one by one, Error("plugin") for a folder named that is not there.
  explicit PluginCatalog(const SearchPath& path);

  // `name` may pin a plugin: acme/scale@acme-scale. throws PluginRefused when two plugins provide it (G130), and with the
  // reason of the refusal when only refused files do.
  const Component* find(Kind kind, std::string_view name) const override;
  std::vector<const Component*> all() const override;  // in search order

  const PluginFile& file_of(const Component& component) const;
  std::vector<const PluginFile*> files() const;    // that fit, in search order
  std::vector<const PluginFile*> refused() const;  // those that do not, with the reason

 private:
  void add_folder(const std::string& folder, const std::string& origin, bool is_required);
  void add_file(const std::string& path, bool is_named);
  void keep(std::unique_ptr<PluginFile> file);
  const PluginFile* namesake(const PluginFile& file) const;
  [[noreturn]] void throw_twice(const Component& first, const Component& second) const;

  using Provider = std::pair<const PluginFile*, const Component*>;
  std::vector<Provider> providers(Kind kind, std::string_view name, bool are_refused) const;

  std::vector<std::unique_ptr<PluginFile>> files_;
  std::multimap<std::pair<Kind, std::string>, Provider, std::less<>> by_name_;
};

}  // namespace graft::core
