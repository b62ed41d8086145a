#include "core/registry/user_folders.hpp"

#include <unistd.h>

#include <cstdlib>

namespace graft::core {
namespace {

std::string variable(const char* name) {
  const char* value = ::geteuid() == ::getuid() ? std::getenv(name) : nullptr;
  return value ? value : "";
}

std::string folder_of(const char* name, const std::string& in_home) {
  if (const std::string own = variable(name); own.starts_with('/')) return own + "/graft";
  const std::string home = variable("HOME");
  return home.empty() ? "" : home + "/" + in_home + "/graft";
}

}  // namespace

std::string config_folder() { return folder_of("XDG_CONFIG_HOME", ".config"); }
std::string data_folder() { return folder_of("XDG_DATA_HOME", ".local/share"); }

std::string cache_folder() {
  const std::string own = variable("GRAFT_CACHE");
  if (own == "off") return "";
  return own.empty() ? folder_of("XDG_CACHE_HOME", ".cache") : own;
}

}  // namespace graft::core
