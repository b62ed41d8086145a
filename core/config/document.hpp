// Document: a config file with all that it extends, merged into one tree.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/components.hpp"
#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

using ReadFile = std::function<std::string(const std::string& path)>;

struct Document {
  Value root;                      // `extends` and `before` are gone; `*` and removed entries (null) are still there
  std::vector<std::string> files;  // as named by the user and the files, the first one first
};

// throws ConfigErrors when a file cannot be read or is not JSON, when files extend each other in a circle
Document read_document(const std::string& path, const Components& components, const ReadFile& read, Problems& problems);

}  // namespace graft::core
