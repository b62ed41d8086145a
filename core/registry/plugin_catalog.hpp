// PluginCatalog: the components of all plugin files on the search path, read without running any plugin's code.
//
//   order    files named one by one, folders named, $GRAFT_PLUGIN_PATH, $XDG_DATA_HOME/graft/plugins, graft's own
//   folder   *.so without the prefix lib, and the same in folders named after an ABI variant (g0-torch2.11-...)
//   twice    of two files with one plugin id the earlier counts; one component from two ids is G130 once somebody asks for it
//   relative   a folder in $GRAFT_PLUGIN_PATH that is no absolute path does not count: where a program is started says nothing of
//            trust
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

// Asked before the first code of a plugin runs that is not graft's own. throws PluginRefused.
using Gate = std::function<void(const PluginFile& file, const std::string& sha256)>;

struct SearchPath {
  std::vector<std::string> files;    // --plugin: trusted, and refused at once when they do not fit
  std::vector<std::string> folders;  // --plugin-path
  bool has_environment = true;       // GRAFT_PLUGIN_PATH and the user's folder count
  std::string builtin;               // graft's own; empty: none
  Gate gate;                         // empty: all may run
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
  const Gate& gate() const { return gate_; }

 private:
  enum class Whose { kOwn, kNamed, kFound };
  void add_folder(const std::string& folder, const std::string& origin, Whose whose, bool is_required);
  void add_file(const std::string& path, Whose whose);
  void keep(std::unique_ptr<PluginFile> file);
  const PluginFile* namesake(const PluginFile& file) const;
  [[noreturn]] void throw_twice(const Component& first, const Component& second) const;

  using Provider = std::pair<const PluginFile*, const Component*>;
  std::vector<Provider> providers(Kind kind, std::string_view name, bool are_refused) const;

  Gate gate_;
  std::vector<std::unique_ptr<PluginFile>> files_;
  std::multimap<std::pair<Kind, std::string>, Provider, std::less<>> by_name_;
};

}  // namespace graft::core
