// Parameters: checks what a user wrote against the schema in a manifest, and fills in the defaults.
//
// A schema is a fixed subset of JSON Schema: type (one, or a list for unions), properties, required, default, enum, minimum,
// maximum, exclusiveMinimum, exclusiveMaximum, items, minItems, maxItems, additionalProperties, description, and graft's
// format: "column", "columns" (a name, list, glob or @kind), "new_column" (one that a step makes beside its own), "path" (an
// input file), "component:<kind>".
#pragma once

#include <string>
#include <vector>

#include "graft/export.hpp"
#include "graft/value.hpp"

namespace graft {

struct Problem {
  Place place;        // of the key or value at fault
  std::string where;  // the component, "graft/tfidf"; empty for the core's own keys
  std::string text;   // rule, value, and the nearest valid choice
  GRAFT_API std::string message()
      const;  // config.json:14:19: [graft/wordpiece] max_lenght is not a parameter, did you mean max_length?
};

// All problems at once, in the order of the file. Missing keys with a default are added to `parameters`, place "default".
GRAFT_API std::vector<Problem> check_parameters(Value& parameters, const Value& schema, const std::string& where);

// Faults of a schema itself: an unknown keyword, a default that breaks its own rule. Empty when it is sound.
GRAFT_API std::vector<Problem> check_schema(const Value& schema, const std::string& where);

}  // namespace graft
