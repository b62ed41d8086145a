// Files that are whole or not there: written beside, synced, renamed.
#pragma once

#include <string>
#include <string_view>

#include "graft/export.hpp"

namespace graft {

GRAFT_API std::string read_file(const std::string& path);                       // throws Error("file", "path: reason")
GRAFT_API void write_file(const std::string& path, std::string_view contents);  // atomic; throws Error("file", "path: reason")
GRAFT_API std::string sha256(std::string_view bytes);                           // 64 hex digits
GRAFT_API std::string sha256_of_file(const std::string& path);                  // the same, of a file's contents

}  // namespace graft
