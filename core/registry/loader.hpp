// Loader: opens the plugins that a run asks for, and no others, and makes their components.
//
//   opens    with RTLD_NOW | RTLD_LOCAL, after the file was looked at again (G141); never closes: deleters, exceptions and
//            autograd nodes of a plugin stay valid to the end
//   threads  any
//   first    the catalog's gate is asked for a plugin that is not graft's own; a crash names the plugin (crash.hpp)
//   errors   PluginRefused G131, G140, G141, G150, G151, and the gate's; PluginError from a constructor
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/registry/guarded.hpp"
#include "core/registry/plugin_catalog.hpp"
#include "graft/config.hpp"
#include "graft/kind.hpp"
#include "graft/registrar.hpp"

namespace graft::core {

// What a run records of a plugin it opened.
struct OpenedPlugin {
  std::string id, version, sha256, path, abi;
  bool is_own;                          // graft's own
  std::vector<std::string> components;  // made so far: "graft/csv", each once
};

// Keeps a component alive and remembers who made it: the deleter of the pointers that Loader::create gives.
struct Made {
  std::shared_ptr<void> object;
  std::shared_ptr<const PluginInfo> plugin;
  void operator()(void*) {
    const Breadcrumb breadcrumb(*plugin, "destructor");
    object.reset();
  }
};

// Who made an object; null for one that Loader::create did not make.
template <class Interface>
std::shared_ptr<const PluginInfo> plugin_of(const std::shared_ptr<Interface>& object) {
  const Made* made = std::get_deleter<Made>(object);
  return made ? made->plugin : nullptr;
}

class Loader {
 public:
  explicit Loader(const PluginCatalog& catalog);  // which must outlive it
  ~Loader();

  // `name` as PluginCatalog::find takes it. throws Error("plugin") when nobody provides it.
  template <class Interface>
  std::shared_ptr<Interface> create(std::string_view name, const Config& config) {
    Made made = make(InterfaceFor<Interface>::kKind, name, config);
    auto* object = static_cast<Interface*>(made.object.get());
    return std::shared_ptr<Interface>(object, std::move(made));
  }

  Made make(Kind kind, std::string_view name, const Config& config);  // the same where the kind is known at run time alone

  std::vector<OpenedPlugin> plugins() const;  // in the order opened
  const PluginCatalog& catalog() const { return catalog_; }

 private:
  struct Library;
  Library& open(const PluginFile& file);
  void check_namespaces(const PluginFile& file) const;

  const PluginCatalog& catalog_;
  mutable std::mutex mutex_;
  std::map<const PluginFile*, std::unique_ptr<Library>> libraries_;
  std::vector<const PluginFile*> order_;
};

}  // namespace graft::core
