// Overrides: "--set a.b.c=value" on top of a config.
//
// The value is read by the type of the parameter: numbers and true/false as such, lists by comma, texts as they stand; JSON
// where it begins with { [ or a quote. "a.b.c=null" removes. A path that the schemas do not know is a problem with the
// nearest name; a new named entry is made by its `use` (heads.rating.use=regress) or under a component's name.
#pragma once

#include <string>
#include <vector>

#include "core/config/components.hpp"
#include "core/config/problems.hpp"
#include "graft/value.hpp"

namespace graft::core {

void apply_overrides(Value& root, const std::vector<std::string>& sets, const Components& components, Problems& problems);

// `text` as a value of the type that `schema` asks for; a text where it is of none of its types.
Value read_value(const std::string& text, const Value& schema);

}  // namespace graft::core
