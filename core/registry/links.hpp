// What a plugin file is linked to, against what this process has.
#pragma once

#include <string>
#include <vector>

#include "core/registry/elf.hpp"

namespace graft::core {

// G121: one line for each family of symbol versions (GLIBC_, GLIBCXX_, CXXABI_, GRAFT_) of which `needed` asks for more than
// the host has: "needs GLIBCXX_3.4.32, host has 3.4.30". Empty when all are there.
std::vector<std::string> missing_versions(const std::vector<ElfFile::Version>& needed);

// G122: one line for each library that a plugin must share with the host and does not. `needed` is DT_NEEDED.
std::vector<std::string> unshared_libraries(const std::vector<std::string>& needed);

}  // namespace graft::core
