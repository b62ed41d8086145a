// Merge: one config on top of another, by RFC 7396 with key order kept.
//
//   objects   merge key by key; new keys go to the end; all else replaces
//   use       an object whose `use` changes starts afresh: nothing of the old component carries over but the roles of
//             streams, task.streams
//   null      stays as null, which the checks take for "not written" where null is no value of that parameter
#pragma once

#include <functional>
#include <string>

#include "core/config/lookup.hpp"
#include "graft/value.hpp"

namespace graft::core {

// The full name of the component that the base has at a path, counted from the merged objects; "" when it has none.
using UseOf = std::function<std::string(const Path&)>;

Value merge(const Value& base, const Value& patch, const UseOf& use_of);

UseOf written_uses(const Value& base);  // as written in `base`, nothing implied

}  // namespace graft::core
