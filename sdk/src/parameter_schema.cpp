#include <algorithm>
#include <map>

#include "graft/kind.hpp"
#include "graft/parameters.hpp"
#include "parameter_rules.hpp"
#include "value_text.hpp"

namespace graft {
namespace {

using Types = std::vector<std::string>;

// Every keyword, and what its value must be (empty: anything).
const std::vector<std::pair<std::string, Types>> kKeywords = {{"type", {"string", "array"}},
                                                              {"properties", {"object"}},
                                                              {"required", {"array"}},
                                                              {"default", {}},
                                                              {"enum", {"array"}},
                                                              {"minimum", {"number"}},
                                                              {"maximum", {"number"}},
                                                              {"exclusiveMinimum", {"number"}},
                                                              {"exclusiveMaximum", {"number"}},
                                                              {"items", {"object"}},
                                                              {"minItems", {"integer"}},
                                                              {"maxItems", {"integer"}},
                                                              {"additionalProperties", {"boolean", "object"}},
                                                              {"description", {"string"}},
                                                              {"format", {"string"}}};
const Types kTypeNames = {"null", "boolean", "integer", "number", "string", "array", "object"};

class SchemaCheck {
 public:
  explicit SchemaCheck(const std::string& where) : where_(where) {}

  void schema(const Value& schema, const std::string& name) {
    const std::size_t before = problems.size();
    if (!schema.is_object()) return report(schema.place, name, "must be an object, got " + shown(schema));
    for (const Value::Member& member : schema.object()) keyword(member, name);
    if (problems.size() > before) return;  // what follows reads the keywords
    type_names(schema, name);
    format(schema, name);
    if (problems.size() == before) default_value(schema, name);
    for (const char* inner : {"items", "additionalProperties"})
      if (const Value* value = schema.find(inner); value && value->is_object()) this->schema(*value, name + " " + inner);
    properties(schema, name);
  }

  std::vector<Problem> problems;

 private:
  void report(const Place& place, const std::string& name, const std::string& text) {
    problems.push_back({place, where_, (name.empty() ? "params" : "params " + name) + ": " + text});
  }

  void keyword(const Value::Member& member, const std::string& name) {
    Types known;
    for (const auto& [keyword, types] : kKeywords) {
      known.push_back(keyword);
      if (keyword != member.key) continue;
      const Value rule = types.empty() ? Value(Value::Object{}) : Value(Value::Object{{"type", list_of(types), {}}});
      if (!is_of_type(member.value, rule))
        report(member.value.place, name, keyword + " must be " + types_text(rule) + ", got " + shown(member.value));
      if (keyword == "type" || keyword == "required") only_texts(member, name);
      return;
    }
    report(member.place, name, member.key + " is not a keyword" + did_you_mean(nearest(member.key, known)));
  }

  static Value list_of(const Types& types) {
    Value::List list(types.begin(), types.end());
    return list;
  }

  void only_texts(const Value::Member& member, const std::string& name) {
    if (!member.value.is_list()) return;
    for (const Value& item : member.value.list())
      if (!item.is_text()) report(item.place, name, member.key + " must hold strings, got " + shown(item));
  }

  void type_names(const Value& schema, const std::string& name) {
    if (!schema.find("type")) return;
    for (const std::string& type : types(schema))
      if (std::find(kTypeNames.begin(), kTypeNames.end(), type) == kTypeNames.end())
        report(schema.at("type").place, name,
               "type must be " + listed(kTypeNames, "or") + ", got " + type + did_you_mean(nearest(type, kTypeNames)));
  }

  void format(const Value& schema, const std::string& name) {
    const Value* format = schema.find("format");
    if (!format) return;
    constexpr std::string_view kComponent = "component:";
    const std::string& text = format->text();
    if (text == "column" || text == "columns" || text == "new_column" || text == "path") return;
    if (text.starts_with(kComponent) && kind_from(std::string_view(text).substr(kComponent.size()))) return;
    report(format->place, name, "format must be column, columns, new_column, path or component:<kind>, got " + text);
  }

  void default_value(const Value& schema, const std::string& name) {
    const Value* value = schema.find("default");
    if (!value) return;
    Value copy = Value::Object{{"default", *value, value->place}};
    const Value whole = Value::Object{{"properties", Value::Object{{"default", schema, {}}}, {}}};
    if (value->is_null() && !is_of_type(*value, schema))
      report(value->place, name, "default must be " + types_text(schema) + ", got null");
    for (const Problem& problem : check_parameters(copy, whole, where_)) report(value->place, name, problem.text);
  }

  void properties(const Value& schema, const std::string& name) {
    const Types needed = required(schema);
    for (const std::string& key : needed)
      if (!property(schema, key))
        report(schema.at("required").place, name,
               "required names " + key + ", which is not a property" + did_you_mean(nearest(key, property_names(schema))));
    const Value* properties = schema.find("properties");
    if (!properties) return;
    for (const Value::Member& member : properties->object()) {
      const std::string full = dotted(name, member.key);
      this->schema(member.value, full);
      if (!member.value.is_object()) continue;
      if (!member.value.find("description")) report(member.place, full, "a description is missing");
      const bool is_needed = std::find(needed.begin(), needed.end(), member.key) != needed.end();
      if (!is_needed && !member.value.find("default")) report(member.place, full, "a default is missing, and it is not required");
    }
  }

  const std::string& where_;
};

}  // namespace

std::vector<Problem> check_schema(const Value& schema, const std::string& where) {
  SchemaCheck check(where);
  check.schema(schema, "");
  return std::move(check.problems);
}

}  // namespace graft
