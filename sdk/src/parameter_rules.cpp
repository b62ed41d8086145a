#include "parameter_rules.hpp"

#include <algorithm>

#include "value_text.hpp"

namespace graft {
namespace {

std::vector<std::string> texts(const Value* value) {
  std::vector<std::string> all;
  if (value && value->is_text()) all.push_back(value->text());
  if (value && value->is_list())
    for (const Value& item : value->list()) all.push_back(item.text());
  return all;
}

std::vector<std::string> types_of_format(std::string_view format) {
  if (format == "columns") return {"string", "array"};
  if (format == "column" || format == "new_column" || format == "path") return {"string"};
  return {"object"};  // component:<kind>
}

bool is_type(const Value& value, std::string_view type) {
  return Value::kind_name(value.kind()) == type || (type == "number" && value.is_integer());
}

bool is_same_type(const Value& a, const Value& b) { return a.kind() == b.kind() || (a.is_number() && b.is_number()); }

const Value::List& choices_of(const Value& schema) {
  static const Value::List none;
  const Value* list = schema.find("enum");
  return list ? list->list() : none;
}

bool speaks_of(const Value& schema, const Value& value) {
  const Value::List& choices = choices_of(schema);
  return std::any_of(choices.begin(), choices.end(), [&](const Value& choice) { return is_same_type(choice, value); });
}

std::vector<std::string> choice_names(const Value& schema) {
  std::vector<std::string> names;
  for (const Value& choice : choices_of(schema)) names.push_back(to_json(choice));
  return names;
}

}  // namespace

std::vector<std::string> types(const Value& schema) {
  if (const Value* type = schema.find("type")) return texts(type);
  const Value* format = schema.find("format");
  return format ? types_of_format(format->text()) : std::vector<std::string>();
}

bool is_of_type(const Value& value, const Value& schema) {
  const std::vector<std::string> all = types(schema);
  return all.empty() || std::any_of(all.begin(), all.end(), [&](const std::string& type) { return is_type(value, type); });
}

std::string types_text(const Value& schema) {
  std::vector<std::string> words;
  const bool has_choices = speaks_of(schema, Value(""));
  for (const std::string& type : types(schema)) {
    if (type == "string" && has_choices) {
      for (const std::string& choice : choice_names(schema)) words.push_back(choice);
    } else {
      words.push_back(type == "null" ? type : with_article(type));
    }
  }
  return listed(words, "or");
}

bool is_among(const Value& value, const Value& schema) {
  const Value::List& choices = choices_of(schema);
  if (choices.empty()) return true;
  if (types(schema).size() > 1 && !speaks_of(schema, value)) return true;
  return std::find(choices.begin(), choices.end(), value) != choices.end();
}

std::string choice_text(const Value& value, const Value& schema, const std::string& name) {
  std::vector<std::string> texts;
  for (const Value& choice : choices_of(schema))
    if (choice.is_text()) texts.push_back(choice.text());
  const std::string closest = value.is_text() ? nearest(value.text(), texts) : "";
  std::vector<std::string> words;
  if (types(schema).size() > 1) {
    words = {types_text(schema)};
  } else {
    words = choice_names(schema);
  }
  return name + " must be " + listed(words, "or") + ", got " + shown(value) +
         did_you_mean(closest.empty() ? "" : to_json(Value(closest)));
}

bool is_component(const Value& schema) {
  const Value* format = schema.find("format");
  return format && format->text().starts_with("component:");
}

const Value* property(const Value& schema, std::string_view key) {
  const Value* properties = schema.find("properties");
  return properties ? properties->find(key) : nullptr;
}

const Value* item_schema(const Value& schema) {
  static const Value column = Value::Object{{"format", Value("column"), {}}};
  if (const Value* items = schema.find("items")) return items;
  const Value* format = schema.find("format");
  return format && *format == Value("columns") ? &column : nullptr;
}

std::vector<std::string> property_names(const Value& schema) {
  std::vector<std::string> names;
  if (const Value* properties = schema.find("properties"))
    for (const Value::Member& member : properties->object()) names.push_back(member.key);
  return names;
}

std::vector<std::string> required(const Value& schema) { return texts(schema.find("required")); }

bool is_unset(const Value::Member& member, const Value& schema) {
  const Value* known = property(schema, member.key);
  const Value* additional = schema.find("additionalProperties");
  if (!known && additional && additional->is_object()) known = additional;
  return member.value.is_null() && known && !is_of_type(member.value, *known);
}

void fill_defaults(Value& object, const Value& schema) {
  static const auto origin = std::make_shared<const std::string>("default");
  const Value* properties = schema.find("properties");
  if (!properties) return;
  for (const Value::Member& member : properties->object()) {
    const Value* value = member.value.find("default");
    if (!value || object.find(member.key)) continue;
    Value filled = *value;
    filled.place = {origin, 0, 0};
    if (filled.is_object()) fill_defaults(filled, member.value);
    object.object().push_back({member.key, std::move(filled), {origin, 0, 0}});
  }
}

std::string dotted(const std::string& name, const std::string& key) { return name.empty() ? key : name + "." + key; }

std::string listed(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + last + " " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace graft
