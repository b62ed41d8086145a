// What a host does with a plugin file before any of its code runs: the reader, the checks of the schema, the doctor.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/registry/diagnosis.hpp"

namespace fuzz {

// A file in memory that holds one input after the other.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("plugin", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(fd_)) {
    if (fd_ < 0 || ::fchmod(fd_, 0600) != 0) throw std::runtime_error("no file in memory");
  }
  const std::string& hold(std::string_view bytes) const {
    if (::ftruncate(fd_, static_cast<off_t>(bytes.size())) != 0 ||
        ::pwrite(fd_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
      throw std::runtime_error("cannot write the file in memory");
    return path_;
  }

 private:
  int fd_;
  std::string path_;
};

// A user who trusts nobody, so that no input is probed: the doctor ends at G112 at the latest.
inline void examine(std::string_view bytes) {
  static const bool is_alone = [] {
    for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "GRAFT_PLUGIN_PATH"}) ::unsetenv(name);
    return true;
  }();
  static const MemoryFile file;
  static const graft::core::PluginCatalog others({{}, {}, !is_alone, "", {}});
  graft::core::diagnose(graft::core::inspect(file.hold(bytes)), others, "/bin/false");
}

}  // namespace fuzz
