// Catalog: which components there are, by (kind, name), without any plugin being opened.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graft/kind.hpp"
#include "graft/value.hpp"

namespace graft::core {

// One entry of a manifest's "provides".
struct Component {
  Kind kind;
  std::string name;       // "graft/bert"
  Value entry;            // interface, summary, params, ...
  std::string plugin_id;  // "graft-model"
  std::string plugin_path;
};

class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual const Component* find(Kind kind, std::string_view name) const = 0;  // null when nobody provides it
  virtual std::vector<const Component*> all() const = 0;
};

}  // namespace graft::core
