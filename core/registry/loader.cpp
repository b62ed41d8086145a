#include "core/registry/loader.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/registry/crash.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

using Key = std::pair<Kind, std::string>;

std::string text_of(const Key& key) { return std::string(kind_name(key.first)) + " " + key.second; }

[[noreturn]] void refuse(const PluginFile& file, const std::string& code, const std::string& text) {
  throw PluginRefused(code, file.label(), file.path, text);
}

struct Registered final : Registrar {
  void add(Kind kind, std::string name, Factory factory) override {
    const Key key(kind, std::move(name));
    if (!factories.emplace(key, std::move(factory)).second) twice.push_back(key);
  }
  std::map<Key, Factory> factories;
  std::vector<Key> twice;
};

// Boost wraps the text of dlerror; the missing symbol in it is shown demangled.
std::string loader_text(std::string text) {
  constexpr std::string_view kBefore = "dlerror system message: ", kSymbol = "undefined symbol: ";
  if (const std::size_t at = text.find(kBefore); at != std::string::npos) text = text.substr(at + kBefore.size());
  text = text.substr(0, text.rfind("): "));
  const std::size_t at = text.find(kSymbol);
  if (at == std::string::npos) return text;
  const std::string symbol =
      text.substr(at + kSymbol.size(), text.find_first_of(" ,)", at + kSymbol.size()) - at - kSymbol.size());
  const std::unique_ptr<char, void (*)(void*)> name(__cxxabiv1::__cxa_demangle(symbol.c_str(), nullptr, nullptr, nullptr),
                                                    std::free);
  return name ? text + "\n       which is " + name.get() : text;
}

// All libraries ever opened: allocated once and never destroyed, so that none is closed while the process ends.
boost::dll::shared_library& keep(boost::dll::shared_library library) {
  static auto& kept = *new std::vector<std::unique_ptr<boost::dll::shared_library>>;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  return *kept.emplace_back(std::make_unique<boost::dll::shared_library>(std::move(library)));
}

boost::dll::shared_library& map(const PluginFile& file, const PluginInfo& plugin) {
  const Breadcrumb breadcrumb(plugin, kStaticInitialisers);
  try {
    boost::dll::shared_library library;
    library.load(std::filesystem::path(file.path), boost::dll::load_mode::rtld_now);
    return keep(std::move(library));
  } catch (const std::exception& error) {
    refuse(file, "G140", loader_text(error.what()));
  }
}

constexpr const char* kChanged = "the file was changed after it was checked: run graft again";

void check_unchanged(const PluginFile& file) {
  const PluginFile now = inspect(file.path, true);
  if (now.refused || now.manifest != file.manifest || now.abi != file.abi) refuse(file, "G141", kChanged);
}

void check_mapped(const PluginFile& file, boost::dll::shared_library& library) {
  const bool is_whole = library.has("graft_manifest_v1") && library.has("graft_abi_v1") && library.has("graft_plugin_v1");
  if (!is_whole) refuse(file, "G102", "no symbols graft_manifest_v1, graft_abi_v1, graft_plugin_v1: not a graft plugin");
  const std::string_view manifest = &library.get<const char>("graft_manifest_v1"), abi = &library.get<const char>("graft_abi_v1");
  if (manifest != file.manifest || abi != file.abi)
    refuse(file, "G141", "the mapped manifest differs from the file's: run graft again");
}

void check_declared(const PluginFile& file, const Registered& registered) {
  std::string faults;
  const auto fault = [&](const std::string& rule, const Key& key) {
    faults += (faults.empty() ? "" : "\n       ") + rule + text_of(key);
  };
  std::map<Key, bool> declared;
  for (const Component& component : file.components) {
    const Key key(component.kind, component.name);
    declared[key] = true;
    if (!registered.factories.count(key)) fault("declares but does not register ", key);
  }
  for (const auto& [key, factory] : registered.factories)
    if (!declared.count(key)) fault("registers but does not declare ", key);
  for (const Key& key : registered.twice) fault("registers twice ", key);
  if (!faults.empty()) refuse(file, "G151", faults);
}

// What deserves a word, unless it was said of one of the others: a folder has many plugins.
void warn_of(const PluginFile& file, const std::vector<const PluginFile*>& opened) {
  for (const std::string& note : file.notes) {
    const auto says_it = [&](const PluginFile* other) {
      return other != &file && std::find(other->notes.begin(), other->notes.end(), note) != other->notes.end();
    };
    if (std::none_of(opened.begin(), opened.end(), says_it)) warn("plugin", file.label() + ": " + note);
  }
}

}  // namespace

struct Loader::Library {
  OpenedPlugin record;
  Registered registered;
  std::map<Key, std::shared_ptr<const PluginInfo>> infos;
  std::optional<PluginRefused> refused;

  void open(const PluginFile& file, const Gate& gate) {
    check_unchanged(file);
    record = {file.id, file.version, sha256_of_file(file.path), file.path, file.abi, file.is_own, {}};
    if (gate && !file.is_own) pass(file, gate);
    note_plugin(file, record.sha256);
    const PluginInfo whole{Kind::kTask, "", file.id, file.version, file.path};
    boost::dll::shared_library& library = map(file, whole);
    check_mapped(file, library);
    if (!file.is_own) check_hash(file);
    note_mapped(file.path, &library.get<const char>("graft_manifest_v1"));
    const Breadcrumb breadcrumb(whole, "registration");
    try {
      library.get<void(Registrar*)>("graft_plugin_v1")(&registered);
    } catch (...) {
      const Thrown thrown = current_exception_text();
      refuse(file, "G150",
             "registration threw " + thrown.type + (thrown.message == "threw " + thrown.type ? "" : ": " + thrown.message));
    }
    check_declared(file, registered);
    for (const Component& component : file.components)
      infos[{component.kind, component.name}] =
          std::make_shared<const PluginInfo>(PluginInfo{component.kind, component.name, file.id, file.version, file.path});
  }

  // The gate may take seconds, so the file is looked at again.
  void pass(const PluginFile& file, const Gate& gate) const {
    gate(file, record.sha256);
    check_unchanged(file);
    check_hash(file);
  }

  void check_hash(const PluginFile& file) const {
    if (sha256_of_file(file.path) != record.sha256) refuse(file, "G141", kChanged);
  }
};

Loader::Loader(const PluginCatalog& catalog) : catalog_(catalog) {}
Loader::~Loader() = default;

void Loader::check_namespaces(const PluginFile& file) const {
  for (const PluginFile* other : order_)
    for (const std::string& name : file.namespaces)
      if (std::find(other->namespaces.begin(), other->namespaces.end(), name) != other->namespaces.end())
        refuse(file, "G131", "torch namespace " + name + " is already used by " + other->label() + ", " + other->path);
}

Loader::Library& Loader::open(const PluginFile& file) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Library>& library = libraries_[&file];
  if (!library) {
    library = std::make_unique<Library>();
    try {
      check_namespaces(file);
      order_.push_back(&file);
      library->open(file, catalog_.gate());
      warn_of(file, order_);
    } catch (const PluginRefused& refused) {
      library->refused = refused;
    }
  }
  if (library->refused) throw *library->refused;
  return *library;
}

Made Loader::make(Kind kind, std::string_view name, const Config& config) {
  const Component* component = catalog_.find(kind, name);
  if (!component) throw Error("plugin", "no plugin provides the " + text_of({kind, std::string(name)}));
  Library& library = open(catalog_.file_of(*component));
  const Key key(kind, component->name);
  const std::shared_ptr<const PluginInfo>& info = library.infos.at(key);
  config.set_maker([this](Kind inner, std::string_view use, const Config& parameters) {
    Made part = make(inner, use, parameters);
    void* object = part.object.get();
    return std::shared_ptr<void>(object, std::move(part));
  });
  std::shared_ptr<void> object = guarded(*info, "constructor", [&] {
    std::shared_ptr<void> made = library.registered.factories.at(key)(config);
    if (!made) throw std::runtime_error("made no object");
    return made;
  });
  note_made(*info);
  const std::lock_guard lock(mutex_);
  std::vector<std::string>& made = library.record.components;
  if (std::find(made.begin(), made.end(), component->name) == made.end()) made.push_back(component->name);
  return {std::move(object), info};
}

std::vector<OpenedPlugin> Loader::plugins() const {
  const std::lock_guard lock(mutex_);
  std::vector<OpenedPlugin> plugins;
  for (const PluginFile* file : order_)
    if (const Library& library = *libraries_.at(file); !library.refused) plugins.push_back(library.record);
  return plugins;
}

}  // namespace graft::core
