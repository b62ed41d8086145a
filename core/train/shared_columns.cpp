#include "core/train/shared_columns.hpp"

#include <algorithm>

#include "core/config/problems.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

std::string names_of(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema) names.push_back(field.name);
  return listed(names, "and");
}

}  // namespace

Schema shared_schema(const std::vector<StreamRows>& rows) {
  Schema shared;
  for (const Field& field : rows.front().schema)
    if (std::all_of(rows.begin(), rows.end(), [&](const StreamRows& other) {
          const Field* same = find(other.schema, field.name);
          return same && same->kind == field.kind;
        }))
      shared.push_back(field);
  return shared;
}

void require_shared(const std::vector<std::string>& columns, const std::vector<StreamRows>& rows, const std::string& where) {
  for (const std::string& column : columns) {
    const auto has = std::find_if(rows.begin(), rows.end(), [&](const StreamRows& each) { return find(each.schema, column); });
    if (has == rows.end()) continue;  // in none: the nearest column is said elsewhere
    const FieldKind kind = find(has->schema, column)->kind;
    for (const StreamRows& other : rows) {
      const Field* field = find(other.schema, column);
      if (field && field->kind == kind) continue;
      const std::string there = " in the stream " + has->name + ", ";
      throw Error(where, "reads " + column + " of the rows of all streams: it is " + std::string(kind_name(kind)) + there +
                             (field ? "and " + std::string(kind_name(field->kind)) + " in " + other.name
                                    : other.name + " has no such column (columns: " + names_of(other.schema) + ")"));
    }
  }
}

}  // namespace graft::core
