// Parameters drawn from a schema: what a user may write, and what the host must refuse.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "graft/rng.hpp"
#include "graft/value.hpp"

namespace graft::core::conformance {

// A value that the schema of one parameter allows; none for columns, files, components and texts without an enum.
std::optional<Value> drawn(const Value& schema, Rng& rng);

// Values that break one bound, enum or type of the schema, each with the rule it breaks.
std::vector<std::pair<Value, const char*>> forbidden(const Value& schema);

}  // namespace graft::core::conformance
