// Probe: the first use of a plugin file by a build of graft happens in a process of its own, so that a crash costs that process
// and no training run.
//
//   does     maps the file, registers, constructs each component by its defaults (or by what its manifest has `plugin check` try), destroys
//            it; one that needs more from the user is left out
//   child    `graft plugin probe FILE`, which ends its output with kProbeEnd. Its crash handler writes the quarantine record;
//            where there is none, as after exit() in a constructor, the parent writes one
//   hang     SIGALRM after `seconds`, by which the child says where it is; SIGKILL two seconds later
//   cache    $XDG_CACHE_HOME/graft/plugins-v1.json by file hash and build of graft; a broken file counts as none
#pragma once

#include <string>
#include <vector>

#include "core/registry/loader.hpp"
#include "core/registry/quarantine.hpp"
#include "core/registry/trust.hpp"

namespace graft::core {

inline constexpr const char* kProbeEnd = "graft plugin probe: finished";

// The child's work. Lines on what was made: "extractor acme/lower: made and destroyed". throws PluginRefused; what a constructor
// throws is a line.
std::vector<std::string> probe_components(const PluginFile& file, Loader& loader);

struct ProbeOutcome {
  int exit = 0;          // 128 + signal where one ended it
  bool is_fine = false;  // it came to its end, or refused the file in an orderly way
  bool is_late = false;  // it gave no answer in time
  std::string output;    // standard output and error, at most 64 KiB
};

// Runs `program plugin probe FILE`.
ProbeOutcome run_probe(const std::string& program, const std::string& path, double seconds);

class ProbeCache {
 public:
  explicit ProbeCache(std::string path);  // empty: nothing is remembered
  static ProbeCache of_user();
  bool has(const std::string& sha256) const;  // this build of graft found it fine
  void add(const std::string& sha256, const std::string& plugin) const;
  void remove(const std::string& sha256) const;

 private:
  Value read() const;
  void write(const Value& value) const;
  std::string path_;
};

// The gate of a host that runs for a user: quarantine (G105), trust (G112), then the probe where it is the first time. Its parts
// are read when it is asked.
Gate gate_of_user(const std::string& program);

}  // namespace graft::core
