// FileSymbols: what a plugin file's dynamic section says: names it gives and needs, flags, search paths.
#pragma once

#include <string>
#include <vector>

#include "core/registry/elf.hpp"

namespace graft::core::conformance {

struct FileSymbols {
  explicit FileSymbols(const ElfFile& file);

  std::vector<std::string> exported;   // defined, global or weak, visible
  std::vector<std::string> undefined;  // strong, to be found when the file is loaded
  std::vector<std::string> run_paths;  // of DT_RPATH and DT_RUNPATH
  bool is_nodelete = false, is_now = false;
};

}  // namespace graft::core::conformance
