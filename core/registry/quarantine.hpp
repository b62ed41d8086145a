// Quarantine: plugin files, by the hash of their contents, that took a process down. A repaired build is another file.
//
//   <folder>/<sha256>.json   {"plugin": "acme-scale 0.1.0", "path": ..., "component": "acme/scale", "place": "forward",
//                             "signal": "SIGSEGV", "time": seconds since 1970}
//
// A record that cannot be read still counts: something went wrong there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/registry/plugin_file.hpp"

namespace graft::core {

struct QuarantineRecord {
  std::string sha256, plugin, path, component, place, signal;
  std::int64_t time = 0;

  std::string text() const;  // "2026-11-26 10:15: crashed inside acme/scale, during forward (SIGSEGV)"
};

class Quarantine {
 public:
  explicit Quarantine(std::string folder);  // need not be there; empty: nothing is ever in quarantine
  static Quarantine of_user();              // in data_folder()

  const std::string& folder() const { return folder_; }
  std::string path_of(const std::string& sha256) const { return folder_ + "/" + sha256 + ".json"; }

  std::optional<QuarantineRecord> find(const std::string& sha256) const;
  std::vector<QuarantineRecord> all() const;
  void add(const QuarantineRecord& record) const;
  bool remove(const std::string& sha256) const;  // false: it was not there

  void require_free(const PluginFile& file, const std::string& sha256) const;  // throws PluginRefused G105
  [[noreturn]] static void refuse(const PluginFile& file, const QuarantineRecord& record);

 private:
  std::string folder_;
};

}  // namespace graft::core
