#include "core/pipeline/columns.hpp"

#include <algorithm>

#include "core/config/components.hpp"
#include "core/config/problems.hpp"
#include "core/train/phases.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

bool has_format(const Value& declared, std::string_view format) {
  const Value* own = declared.find("format");
  return own && own->text() == format;
}

bool is_column_parameter(const Value& declared) { return has_format(declared, "column") || has_format(declared, "columns"); }

// The texts of the parameters that `wanted` picks by what the manifest declares, in its order: (key, text).
template <class Wanted>
std::vector<std::pair<std::string, std::string>> picked(const Value& parameters, const Value& parameter_schema, Wanted wanted) {
  std::vector<std::pair<std::string, std::string>> texts;
  const Value* properties = parameter_schema.find("properties");
  if (!properties) return texts;
  for (const Value::Member& property : properties->object()) {
    const Value* given = parameters.find(property.key);
    if (!given || given->is_null() || !wanted(property.value)) continue;
    const Value::List one = {*given};
    for (const Value& item : given->is_list() ? given->list() : one) texts.emplace_back(property.key, item.text());
  }
  return texts;
}

bool selects(const std::string& pattern, const Field& field, const std::set<std::string>& not_features) {
  if (pattern.starts_with("@")) return kind_name(field.kind) == pattern.substr(1) && !not_features.contains(field.name);
  return matches(pattern, field.name);
}

[[noreturn]] void refuse_unknown(const std::string& pattern, const Schema& schema, const std::string& where, const Place& place) {
  try {
    require(schema, pattern, where);
    throw Error(where, "'" + pattern + "' matches no column");
  } catch (const Error& error) {
    throw ConfigErrors({{place, where, error.text()}});
  }
}

}  // namespace

std::vector<std::string> expand_columns(const Value& wanted, const Schema& schema, const std::set<std::string>& not_features,
                                        const std::string& where) {
  const Value::List one = {wanted};
  std::vector<std::string> names;
  for (const Value& item : wanted.is_list() ? wanted.list() : one) {
    const bool take_out = item.text().starts_with("!");
    const std::string pattern = take_out ? item.text().substr(1) : item.text();
    bool found = false;
    for (const Field& field : schema) {
      if (!selects(pattern, field, not_features)) continue;
      found = true;
      const auto at = std::find(names.begin(), names.end(), field.name);
      if (take_out && at != names.end()) names.erase(at);
      if (!take_out && at == names.end()) names.push_back(field.name);
    }
    if (!found) refuse_unknown(pattern, schema, where, item.place);
  }
  return names;
}

Value with_columns(Value parameters, const Value& parameter_schema, const Schema& schema,
                   const std::set<std::string>& not_features, const std::string& where, const Catalog& catalog) {
  const Value* properties = parameter_schema.find("properties");
  if (!properties) return parameters;
  for (const Value::Member& property : properties->object()) {
    Value* given = parameters.find(property.key);
    if (!given || given->is_null()) continue;
    const Place place = given->place;
    if (const Value* inner = params_of_part(property.value, *given, catalog)) {
      *given = with_columns(*given, *inner, schema, not_features, given->at("use").text(), catalog);
    } else if (is_column_parameter(property.value)) {
      Value::List names;
      for (std::string& name : expand_columns(*given, schema, not_features, where)) names.push_back(std::move(name));
      *given = std::move(names);
    }
    given->place = place;
  }
  return parameters;
}

std::vector<std::string> named_columns(const Value& parameters, const Value& parameter_schema, const Catalog& catalog) {
  std::vector<std::string> names;
  const Value* properties = parameter_schema.find("properties");
  if (!properties) return names;
  for (const Value::Member& property : properties->object()) {
    const Value* given = parameters.find(property.key);
    if (!given || given->is_null()) continue;
    if (const Value* inner = params_of_part(property.value, *given, catalog)) {
      for (std::string& name : named_columns(*given, *inner, catalog)) names.push_back(std::move(name));
    } else if (is_column_parameter(property.value)) {
      const Value::List one = {*given};
      for (const Value& item : given->is_list() ? given->list() : one) names.push_back(item.text());
    }
  }
  return names;
}

std::vector<std::string> made_columns(const std::string& own, const Value& parameters, const Value& parameter_schema) {
  std::vector<std::string> names = {own};
  const auto is_new = [](const Value& declared) { return has_format(declared, "new_column"); };
  for (auto& [key, name] : picked(parameters, parameter_schema, is_new)) names.push_back(std::move(name));
  return names;
}

HeadColumns head_columns(const Value& parameters, const Value& parameter_schema) {
  HeadColumns columns;
  for (auto& [key, name] : picked(parameters, parameter_schema, is_column_parameter)) {
    if (key == "target")
      columns.target = std::move(name);
    else
      columns.inputs.push_back(std::move(name));
  }
  return columns;
}

}  // namespace graft::core
