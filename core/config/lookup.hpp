// What may stand at a place of a config: the schema there, given which components the config uses on the way.
#pragma once

#include <string>
#include <vector>

#include "core/config/components.hpp"
#include "graft/value.hpp"

namespace graft::core {

using Path = std::vector<std::string>;  // keys from the root
std::string dotted(const Path& path);   // "pipeline.tokens.max_length"

const Value* value_at(const Value& root, const Path& path);  // null when absent

struct Lookup {
  Value schema;       // of the last key that is known
  std::size_t known;  // keys of the path that are known
  Path choices;       // keys that could have stood in place of the first unknown one
};
Lookup look_up(const Value& root, const Path& path, const Components& components);

// The full name of the component at `path`: as written there, or in the defaults `*` of its siblings, or as the core's
// default, or, for an entry, its own name; a split's own source goes by its stream's. "" when nothing says it.
std::string use_at(const Value& root, const Path& path, const Components& components);

// What an object without `use` stands for: the slot's default, else its own key where that is a component. "" for neither.
std::string implied_use(const Value& slot, const std::string& key, const Components& components);

}  // namespace graft::core
