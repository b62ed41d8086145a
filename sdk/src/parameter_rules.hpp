// What the keywords of a parameter schema say, shared by the check of parameters and the check of schemas.
#pragma once

#include <string>
#include <vector>

#include "graft/value.hpp"

namespace graft {

std::vector<std::string> types(const Value& schema);  // as written, else what "format" implies; empty: any
bool is_of_type(const Value& value, const Value& schema);
std::string types_text(const Value& schema);  // "an integer or a string"; an enum's texts stand in for "a string"

// In a union an enum speaks only of values of its own members' types: {"type": ["integer", "string"], "enum": ["all"]}.
bool is_among(const Value& value, const Value& schema);
std::string choice_text(const Value& value, const Value& schema, const std::string& name);

bool is_component(const Value& schema);  // its object is checked by the host, against the schema of the component that it names

const Value* property(const Value& schema, std::string_view key);
const Value* item_schema(const Value& schema);  // "items"; for the format "columns" texts that are not empty
std::vector<std::string> property_names(const Value& schema);
std::vector<std::string> required(const Value& schema);

bool is_unset(const Value::Member& member, const Value& schema);  // null where null is no value: as if it were not written
void fill_defaults(Value& object, const Value& schema);

std::string dotted(const std::string& name, const std::string& key);
std::string listed(const std::vector<std::string>& words, const std::string& last);  // "a, b or c"

}  // namespace graft
