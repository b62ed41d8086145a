#include "table_rules.hpp"

#include <algorithm>

namespace graft::plugins {
namespace {

ColumnType type_from(const std::string& name) {
  static const std::map<std::string, ColumnType> kTypes = {{"number", ColumnType::kNumber},
                                                           {"integer", ColumnType::kInteger},
                                                           {"text", ColumnType::kText},
                                                           {"class", ColumnType::kClass}};
  return kTypes.at(name);
}

}  // namespace

TableRules::TableRules(const Config& config, std::string component)
    : where(std::move(component)),
      missing(config.texts("missing")),
      drops_bad_rows(config.text("bad_rows") == "drop"),
      replaces_ill_formed(config.text("encoding_errors") == "replace") {
  for (const Value::Member& member : config.value("types").object()) types[member.key] = type_from(member.value.text());
}

bool TableRules::is_missing(std::string_view text) const {
  return std::find(missing.begin(), missing.end(), text) != missing.end();
}

ColumnType TableRules::type_of(const std::string& column) const {
  const auto found = types.find(column);
  return found == types.end() ? ColumnType::kInferred : found->second;
}

}  // namespace graft::plugins
