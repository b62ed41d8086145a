// PluginFile: all that can be known of a plugin file without running its code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "core/registry/refused.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct PluginFile {
  std::string path;           // absolute
  std::string id, version;    // empty while the manifest is not known
  std::string manifest, abi;  // the texts in the file
  Value abi_record;
  std::vector<Component> components;     // in the manifest's order
  std::vector<std::string> namespaces;   // that it opens with TORCH_LIBRARY
  std::vector<std::string> notes;        // fits, but deserves a word
  std::uint64_t device = 0, inode = 0;   // which file was read
  bool is_own = false;                   // graft's own: it came with the host
  bool is_named = false;                 // the user named the file: trusted for this call
  std::optional<PluginRefused> refused;  // the first check that failed: G101 to G104, G120 to G122

  std::string label() const;  // "acme-scale 0.1.0", or the file's name
};

// `is_named`: by the user, so that G104 is only a note.
PluginFile inspect(const std::string& path, bool is_named = false);

}  // namespace graft::core
