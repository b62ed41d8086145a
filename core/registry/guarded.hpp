// guarded: every call from core into a plugin. What the plugin throws comes out as a PluginError that says whose it is.
//
//   Batch out = guarded(info, "forward", [&] { return model.forward(batch, call); });
//
//   what()   [acme/scale] forward: by is not a number (plugin acme-scale 0.1.0, /opt/plugins/acme_scale.so)
//            [graft/csv] rows.csv:3: 2 fields, needs 3          a graft::Error that names a component stays as it is
//   nested   the innermost guard speaks; PluginError and PluginRefused pass through the outer ones
//   cost     two pointers stored, nothing allocated, when nothing is thrown
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "graft/error.hpp"
#include "graft/kind.hpp"

namespace graft::core {

// Who made an object.
struct PluginInfo {
  Kind kind;
  std::string component;          // "acme/scale"
  std::string id, version, path;  // of the plugin
};

// An error of the host's own that passes through a plugin's call, as when a task's step ends in a gradient that is not finite:
// guarded lets it through, for it is not the plugin's.
class HostError : public Error {
 public:
  using Error::Error;
};

class PluginError : public std::runtime_error {
 public:
  PluginError(const PluginInfo& plugin, std::string operation, std::string cxx_type, std::string message, std::string what,
              std::string torch_backtrace = "");

  std::string component, id, version, path;
  std::string operation;        // "forward"
  std::string cxx_type;         // "c10::OutOfMemoryError", "int"
  std::string message;          // what was thrown said, without a backtrace
  std::string torch_backtrace;  // of a c10::Error
};

// The plugin calls that this thread is in, innermost first; null outside.
struct Breadcrumb {
  Breadcrumb(const PluginInfo& plugin, const char* operation) : plugin(plugin), operation(operation), outer(innermost) {
    innermost = this;
  }
  ~Breadcrumb() { innermost = outer; }
  Breadcrumb(const Breadcrumb&) = delete;

  const PluginInfo& plugin;
  const char* operation;
  const Breadcrumb* outer;
  static thread_local constinit const Breadcrumb* innermost;
};

// Throws the current exception as PluginError. Called in a catch block only.
[[noreturn]] void throw_plugin_error(const PluginInfo& plugin, const char* operation);

// The type of the current exception, and what it says: {"std::out_of_range", "..."}. Called in a catch block only.
struct Thrown {
  std::string type, message;
};
Thrown current_exception_text();

template <class Call>
decltype(auto) guarded(const PluginInfo& plugin, const char* operation, Call&& call) {
  const Breadcrumb breadcrumb(plugin, operation);
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    throw_plugin_error(plugin, operation);
  }
}

}  // namespace graft::core
