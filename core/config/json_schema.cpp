#include "core/config/json_schema.hpp"

#include <algorithm>

#include "core/config/components.hpp"
#include "core/config/core_schema.hpp"
#include "core/config/problems.hpp"

namespace graft::core {
namespace {

using Object = Value::Object;

Value list(const std::vector<std::string>& texts) { return Value::List(texts.begin(), texts.end()); }

std::vector<std::string> types_of(const Value& schema) {
  const Value* type = schema.find("type");
  if (type && type->is_text()) return {type->text()};
  std::vector<std::string> types;
  if (type)
    for (const Value& name : type->list()) types.push_back(name.text());
  if (!types.empty()) return types;
  const Value* format = schema.find("format");
  if (!format) return {};
  if (*format == Value("columns")) return {"string", "array"};
  return {component_word(schema).empty() ? "string" : "object"};
}

class Writer {
 public:
  explicit Writer(const Catalog& catalog) : components_(catalog) {}

  Value root() {
    Value schema = converted(core_schema());
    Value& properties = *schema.find("properties");
    properties.set("extends", Object{{"type", list({"string", "array"}), {}},
                                     {"items", Object{{"type", "string", {}}}, {}},
                                     {"description", "the file or files that this one changes", {}}});
    schema.set("$defs", std::move(definitions_));
    Value titled = Object{{"$schema", "https://json-schema.org/draft/2020-12/schema", {}}, {"title", "graft config", {}}};
    for (Value::Member& member : schema.object()) titled.object().push_back(std::move(member));
    return titled;
  }

 private:
  Value converted(const Value& schema) {
    if (!component_word(schema).empty()) return slot(schema);
    Value result = Object{};
    for (const char* key : {"description", "default"})
      if (const Value* value = schema.find(key)) result.set(key, *value);
    std::vector<std::string> types = types_of(schema);
    if (schema.find("enum")) return choice(std::move(result), schema, types);
    if (types.empty()) return result;
    bounds(result, schema);
    if (schema.find("properties") || schema.find("additionalProperties")) members(result, schema);
    if (std::find(types.begin(), types.end(), "null") == types.end()) types.push_back("null");
    result.set("type", list(types));
    return result;
  }

  static void bounds(Value& result, const Value& schema) {
    for (const char* key : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems"})
      if (const Value* value = schema.find(key)) result.set(key, *value);
    if (const Value* items = schema.find("items")) result.set("items", Writer::plain_items(*items));
  }

  static Value plain_items(const Value& items) {
    Value result = Object{};
    for (const char* key : {"type", "enum", "description"})
      if (const Value* value = items.find(key)) result.set(key, *value);
    return result;
  }

  // A choice, or a value of one of the other types: an enum of graft speaks of its own members' types only.
  static Value choice(Value result, const Value& schema, const std::vector<std::string>& types) {
    Value::List choices = schema.at("enum").list();
    std::vector<std::string> others;
    for (const std::string& type : types) {
      bool has_members = false;
      for (const Value& member : choices)
        has_members = has_members || Value::kind_name(member.kind()) == type || (type == "number" && member.is_number());
      if (!has_members && types.size() > 1 && type != "null") others.push_back(type);
    }
    if (std::find(choices.begin(), choices.end(), Value(nullptr)) == choices.end()) choices.emplace_back(nullptr);
    if (others.empty()) {
      result.set("enum", std::move(choices));
      return result;
    }
    Value rest = Object{{"type", list(others), {}}};
    bounds(rest, schema);
    result.set("anyOf", Value::List{Object{{"enum", std::move(choices), {}}}, std::move(rest)});
    return result;
  }

  void members(Value& result, const Value& schema) {
    Value properties = Object{};
    if (const Value* own = schema.find("properties"))
      for (const Value::Member& member : own->object()) properties.set(member.key, converted(member.value));
    const Value* additional = schema.find("additionalProperties");
    const bool is_map = additional && additional->is_object();
    Value inner = is_map ? converted(*additional) : Value(additional ? additional->flag() : false);
    if (schema.find("entries")) named_entries(properties, *additional, inner);
    result.set("properties", std::move(properties));
    result.set("additionalProperties", std::move(inner));
  }

  // `*` holds defaults for any component; an entry that has a component's name is that component without saying `use`.
  void named_entries(Value& properties, const Value& entry, Value& inner) {
    const std::string_view word = component_word(entry);
    if (word.empty()) {
      if (Value* own = inner.find("properties")) own->set("before", before());
      properties.set("*", inner);
      return;
    }
    properties.set("*", Object{{"type", list({"object", "null"}), {}}});
    for (const Value* component : components_.all(word)) {
      const std::string name = short_name(component->at("name").text());
      if (name.find('/') == std::string::npos) properties.set(name, slot(entry, name));
    }
  }

  static Value before() {
    return Object{{"type", "string", {}}, {"description", "the entry that this one is placed before", {}}};
  }

  // A part of a config need not say which component it is about.
  static Value any_without_use() {
    const Value without = Object{{"not", Object{{"required", list({"use"}), {}}}, {}}};
    return Object{{"if", without, {}}, {"then", Object{{"additionalProperties", true, {}}}, {}}};
  }

  // One object that names a component: `use` picks which parameters may stand in it. Without `use` it is `implied`.
  Value slot(const Value& schema, std::string implied = "") {
    const std::string_view word = component_word(schema);
    if (const Value* standard = schema.find("default"); standard && standard->find("use"))
      implied = short_name(standard->at("use").text());
    Value properties = Object{};
    Value names = Value::List{};
    if (const Value* own = schema.find("properties"))
      for (const Value::Member& member : own->object()) properties.set(member.key, converted(member.value));
    Value branches = Value::List{};
    if (implied.empty()) branches.list().push_back(any_without_use());
    for (const Value* component : components_.all(word)) {
      const std::string full = component->at("name").text(), name = short_name(full);
      names.list().push_back(name);
      Value choice = Object{{"properties", Object{{"use", Object{{"enum", list({name, full}), {}}}, {}}}, {}}};
      if (name != implied) choice.set("required", list({"use"}));
      branches.list().push_back(
          Object{{"if", std::move(choice), {}},
                 {"then", Object{{"$ref", definition(word, *component, keys_of_kind(schema, *component)), {}}}, {}}});
    }
    properties.set("use",
                   Object{{"type", "string", {}}, {"examples", std::move(names), {}}, {"description", "the component", {}}});
    properties.set("before", before());
    std::vector<std::string> types = {"object", "null"};
    for (const std::string& type : types_of(schema))
      if (type != "object" && type != "null") types.push_back(type);
    Value result = Object{};
    if (const Value* text = schema.find("description")) result.set("description", *text);
    result.set("type", list(types));
    bounds(result, schema);
    result.set("properties", std::move(properties));
    result.set("allOf", std::move(branches));
    result.set("unevaluatedProperties", false);
    return result;
  }

  // host_keys: the host's own for this kind of component, null where it has none.
  std::string definition(std::string_view word, const Value& component, const Value* host_keys) {
    std::string name = std::string(word) + ":" + component.at("name").text();
    for (char& letter : name)
      if (letter == '/') letter = '.';
    if (definitions_.is_null() || !definitions_.find(name)) {
      definitions_.set(name, Object{});
      Value result = Object{};
      if (const Value* summary = component.find("summary")) result.set("description", *summary);
      Value properties = Object{};
      for (const Value* params : {component.find("params"), host_keys})
        if (const Value* own = params ? params->find("properties") : nullptr)
          for (const Value::Member& member : own->object()) properties.set(member.key, converted(member.value));
      result.set("properties", std::move(properties));
      definitions_.set(name, std::move(result));
    }
    return "#/$defs/" + name;
  }

  Components components_;
  Value definitions_;
};

}  // namespace

Value json_schema(const Catalog& catalog) { return Writer(catalog).root(); }

}  // namespace graft::core
