// Crashes: what a process that dies by a fatal signal says last, and the record that keeps the plugin from being loaded again.
//
//   graft: crashed inside plugin acme-scale 0.1.0, component acme/scale, during forward (SIGSEGV)
//     /opt/plugins/acme_scale.so
//
//   whose     the innermost frame on the stack that lies in a mapped plugin; where there is none, the innermost breadcrumb's
//   where     the breadcrumb of that plugin; "backward" below autograd; "a thread of its own" where the thread has no breadcrumb
//   record    in Quarantine's folder, for plugins that are not graft's own
//   then      the signal is raised again: the shell sees 128 + its number, and a core dump is as it would have been
//   signals   SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT; in a probe SIGALRM too, by which its parent ends one that hangs
//   safety    the handler calls async-signal-safe functions only, besides the unwinder, which is warmed up first and whose own
//             faults are survived. All texts are made beforehand
#pragma once

#include <string>

#include "core/registry/guarded.hpp"
#include "core/registry/plugin_file.hpp"

namespace graft::core {

// Installs the handlers and a terminate handler, for the process; an alternate stack, for the calling thread.
// `quarantine` is the folder for records; empty: none are written.
void catch_crashes(const std::string& quarantine, bool is_probe = false);

// What the handler knows of a plugin, told in this order: before it is mapped; when it is, by any address in it; and for each
// component that was made.
void note_plugin(const PluginFile& file, const std::string& sha256);
void note_mapped(const std::string& path, const void* address);
void note_made(const PluginInfo& plugin);

// A line that a crash ends with, for as long as this lives: how to go on. One at a time.
class CrashAdvice {
 public:
  explicit CrashAdvice(std::string text);
  ~CrashAdvice();
  CrashAdvice(const CrashAdvice&) = delete;

 private:
  std::string text_;
};

// For the breadcrumb of a place of the host's own, where plugins are called back without a guard, as below autograd:
// Breadcrumb(host_itself(), "backward").
const PluginInfo& host_itself();

inline constexpr const char* kStaticInitialisers = "its static initialisers";  // the place of a plugin that is being mapped

}  // namespace graft::core
