// What happens when a plugin file is loaded, in a process that has loaded no plugin before.
#include <ATen/core/dispatch/Dispatcher.h>
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "core/conformance/compare.hpp"
#include "core/conformance/process.hpp"
#include "core/conformance/test.hpp"
#include "core/registry/crash.hpp"
#include "graft/registrar.hpp"

namespace graft::core::conformance {
namespace {

using Key = std::pair<Kind, std::string>;

struct Registered final : Registrar {
  void add(Kind kind, std::string name, Factory factory) override {
    factories[{kind, std::move(name)}].push_back(std::move(factory));
  }
  std::map<Key, std::vector<Factory>> factories;
};

// The plugin as a whole: a crash below its breadcrumb is told as its own.
PluginInfo whole(const PluginFile& file) { return {Kind::kTask, "", file.id, file.version, file.path}; }

void* load(const PluginFile& file) {
  doing("loading");
  note_plugin(file, "");
  const PluginInfo plugin = whole(file);
  const Breadcrumb breadcrumb(plugin, kStaticInitialisers);
  void* library = ::dlopen(file.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) fail("dlopen to load it", ::dlerror());
  return library;
}

Registered registered(const PluginFile& file, void* library) {
  doing("registration");
  void* entry = ::dlsym(library, "graft_plugin_v1");
  if (!entry) fail("the function graft_plugin_v1", "no such symbol");
  note_mapped(file.path, entry);
  const PluginInfo plugin = whole(file);
  const Breadcrumb breadcrumb(plugin, "registration");
  Registered registrar;
  reinterpret_cast<void (*)(Registrar*)>(entry)(&registrar);
  return registrar;
}

Registered registered(const PluginFile& file) { return registered(file, load(file)); }

std::string named(const Key& key) { return std::string(kind_name(key.first)) + " " + key.second; }

void load_now(const PluginFile& file) { load(file); }

void load_time(const PluginFile& file) {
  constexpr double kLimitMs = 250;
  const auto start = std::chrono::steady_clock::now();
  registered(file);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  if (ms > kLimitMs) note("loading took " + std::to_string(static_cast<int>(ms)) + " ms, should be under 250");
}

void static_init_silent(const PluginFile& file) {
  const std::int64_t printed = bytes_printed();
  const int threads = thread_count();
  const bool had_cuda = has_mapped("libcuda.so");
  registered(file);
  expect(bytes_printed() == printed, "nothing printed while it is loaded", std::to_string(bytes_printed() - printed) + " bytes");
  expect(thread_count() == threads, "no thread started while it is loaded", std::to_string(thread_count() - threads) + " more");
  expect(had_cuda || !has_mapped("libcuda.so"), "no CUDA driver opened while it is loaded", "libcuda is mapped");
}

void registered_equals_declared(const PluginFile& file) {
  const Registered registrar = registered(file);
  std::set<Key> declared, known;
  std::vector<std::string> faults;
  for (const Component& component : file.components) declared.emplace(component.kind, component.name);
  for (const auto& [key, factories] : registrar.factories) {
    known.insert(key);
    if (factories.size() > 1) faults.push_back("registers twice " + named(key));
    if (!declared.contains(key)) faults.push_back("registers but does not declare " + named(key));
  }
  for (const Key& key : declared)
    if (!known.contains(key)) faults.push_back("declares but does not register " + named(key));
  expect(faults.empty(), "the components of the manifest, each once", text_of(faults, "; "));
}

std::set<std::string> namespaces() {
  std::set<std::string> all;
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames())
    if (const auto space = name.getNamespace()) all.emplace(*space);
  return all;
}

void torch_namespaces_declared(const PluginFile& file) {
  const std::set<std::string> before = namespaces();
  registered(file);
  std::vector<std::string> opened;
  for (const std::string& name : namespaces())
    if (!before.contains(name) && std::find(file.namespaces.begin(), file.namespaces.end(), name) == file.namespaces.end())
      opened.push_back(name);
  expect(opened.empty(), "only TORCH_LIBRARY namespaces that torch_namespaces lists", text_of(opened));
}

void second_load_noop(const PluginFile& file) {
  void* library = load(file);
  const std::size_t first = registered(file, library).factories.size();
  const GlobalState state;
  expect(load(file) == library, "the same library again", "another one");
  const std::size_t second = registered(file, library).factories.size();
  expect(second == first, std::to_string(first) + " components when registered again", std::to_string(second));
  expect(state.changes().empty(), "nothing changed by the second load", text_of(state.changes(), "; "));
}

void global_state_unchanged(const PluginFile& file) {
  const GlobalState state;
  registered(file);
  expect(state.changes().empty(), "torch's and the process's settings as before", text_of(state.changes(), "; "));
}

void unknown_name_null(const PluginFile& file) {
  const Registered registrar = registered(file);
  for (int kind = 0; kind < kKinds; ++kind)
    expect(!registrar.factories.contains({static_cast<Kind>(kind), "graft-check/unknown"}),
           "no component of a name nobody declared", "one of the kind " + std::string(kind_name(static_cast<Kind>(kind))));
}

void exit_clean(const PluginFile& file) { registered(file); }

}  // namespace

const std::vector<LibraryTest>& library_tests() {
  static const std::vector<LibraryTest> tests = {
      {"load-now", "", load_now},
      {"registered-equals-declared", "load-now", registered_equals_declared},
      {"load-time", "registered-equals-declared", load_time},
      {"static-init-silent", "registered-equals-declared", static_init_silent},
      {"torch-namespaces-declared", "registered-equals-declared", torch_namespaces_declared},
      {"global-state-unchanged", "static-init-silent", global_state_unchanged},
      {"second-load-noop", "global-state-unchanged", second_load_noop},
      {"unknown-name-null", "registered-equals-declared", unknown_name_null},
      {"exit-clean", "registered-equals-declared", exit_clean, true}};
  return tests;
}

}  // namespace graft::core::conformance
