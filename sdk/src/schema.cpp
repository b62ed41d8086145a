#include "graft/schema.hpp"

#include <algorithm>
#include <array>

#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft {

std::string_view kind_name(FieldKind kind) {
  constexpr std::array<std::string_view, 11> names = {"number", "integer", "class",  "soft class", "text", "tokens",
                                                      "image",  "vector",  "sparse", "label set",  "tags"};
  return names.at(static_cast<std::size_t>(kind));
}

const Field* find(const Schema& schema, std::string_view name) {
  auto at = std::find_if(schema.begin(), schema.end(), [&](const Field& field) { return field.name == name; });
  return at == schema.end() ? nullptr : &*at;
}

const Field& require(const Schema& schema, std::string_view name, std::string_view where) {
  if (const Field* field = find(schema, name)) return *field;
  std::vector<std::string> names;
  std::string list;
  for (const Field& field : schema) {
    names.push_back(field.name);
    list += (list.empty() ? "" : ", ") + field.name;
  }
  const std::string close = nearest(name, names);
  throw Error(std::string(where), "there is no column " + std::string(name) +
                                      (close.empty() ? "" : ", did you mean " + close + "?") +
                                      (list.empty() ? "; there are no columns" : " (columns: " + list + ")"));
}

const Field& require(const Schema& schema, std::string_view name, const std::vector<FieldKind>& kinds, std::string_view where) {
  const Field& field = require(schema, name, where);
  if (std::find(kinds.begin(), kinds.end(), field.kind) != kinds.end()) return field;
  std::string allowed;
  for (std::size_t i = 0; i < kinds.size(); ++i)
    allowed += (i == 0 ? "" : i + 1 == kinds.size() ? " or " : ", ") + std::string(kind_name(kinds[i]));
  throw Error(std::string(where), "column " + field.name + " must be " + allowed + ", is " + std::string(kind_name(field.kind)));
}

Schema with(Schema schema, Field field) {
  auto at = std::find_if(schema.begin(), schema.end(), [&](const Field& other) { return other.name == field.name; });
  if (at == schema.end())
    schema.push_back(std::move(field));
  else
    *at = std::move(field);
  return schema;
}

}  // namespace graft
