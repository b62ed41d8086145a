// Trust: which plugin files, besides graft's own, may run code.
//
//   pinned (default)   those that the user trusted by `graft plugin trust FILE`, by the hash of their contents, and those that
//                      --plugin names for one call
//   open               all that the search path finds
//   set by             $XDG_CONFIG_HOME/graft/graft.json: {"plugins": {"policy": "open", "probe_seconds": 20}}; no variable
//                      lowers it
//   refusal            G112: nobody whom you trust vouches for the file
//   says               where a file comes from, not that it is safe: a plugin has all the rights of the process
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/registry/plugin_file.hpp"

namespace graft::core {

struct PluginPolicy {
  bool is_open = false;
  double probe_seconds = 20;  // that a plugin's first use may take, in a process of its own
};

// Of a file that need not be there. throws Error("plugin") when it breaks its rules, or when others may write it.
PluginPolicy read_policy(const std::string& path);
PluginPolicy policy_of_user();

struct TrustedFile {
  std::string sha256, plugin, path;  // the file it was when it was trusted
};

class TrustStore {
 public:
  explicit TrustStore(std::string path);  // a JSON file that need not be there; empty: nothing is trusted, nor can be
  static TrustStore of_user();            // trusted.json in data_folder()

  // Each throws Error("plugin") when the file is broken, or when others may write it.
  std::vector<TrustedFile> all() const;
  bool has(const std::string& sha256) const;
  void add(const TrustedFile& file) const;       // once
  bool remove(const std::string& sha256) const;  // false: it was not there

  void require(const PluginFile& file, const std::string& sha256) const;  // throws PluginRefused G112

 private:
  void write(const std::vector<TrustedFile>& files) const;
  std::string path_;
};

}  // namespace graft::core
