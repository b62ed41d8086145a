#include "core/config/components.hpp"

#include <algorithm>

#include "core/config/core_schema.hpp"

namespace graft::core {
namespace {

constexpr std::string_view kOurs = "graft/";

Value use_schema() {
  return Value::Object{{"type", "string", {}}, {"description", "the component: bert is short for graft/bert", {}}};
}

void add_texts(Value& schema, const char* key, const Value& from) {
  const Value* more = from.find(key);
  if (!more) return;
  if (!schema.find(key)) schema.set(key, Value::List{});
  for (const Value& text : more->list()) schema.find(key)->list().push_back(text);
}

}  // namespace

std::string full_name(std::string_view use) {
  return use.find('/') == std::string_view::npos ? std::string(kOurs) + std::string(use) : std::string(use);
}

std::string short_name(std::string_view name) {
  if (name.starts_with(kOurs)) name.remove_prefix(kOurs.size());
  return std::string(name);
}

std::string_view component_word(const Value& schema) {
  constexpr std::string_view kPrefix = "component:";
  const Value* format = schema.find("format");
  if (!format || !format->is_text() || !format->text().starts_with(kPrefix)) return {};
  return std::string_view(format->text()).substr(kPrefix.size());
}

std::vector<Kind> kinds_of(std::string_view word) {
  if (word == "step") return {Kind::kAugmenter, Kind::kExtractor};
  const std::optional<Kind> kind = kind_from(word);
  return kind ? std::vector<Kind>{*kind} : std::vector<Kind>();
}

bool is_core_word(std::string_view word) { return kinds_of(word).empty(); }
std::string spoken(std::string_view word) { return word == "step" ? "extractor or augmenter" : std::string(word); }

const Value* Components::find(std::string_view word, std::string_view use) const {
  const std::string name = full_name(use);
  for (const Value& entry : core_components(word))
    if (entry.at("name").text() == name) return &entry;
  for (const Kind kind : kinds_of(word))
    if (const Component* found = catalog_.find(kind, name)) return &found->entry;
  return nullptr;
}

std::vector<const Value*> Components::all(std::string_view word) const {
  std::vector<const Value*> entries;
  for (const Value& entry : core_components(word)) entries.push_back(&entry);
  const std::vector<Kind> kinds = kinds_of(word);
  for (const Component* component : catalog_.all())
    if (std::find(kinds.begin(), kinds.end(), component->kind) != kinds.end()) entries.push_back(&component->entry);
  return entries;
}

const Value* keys_of_kind(const Value& slot, const Value& entry) {
  const Value* kind = entry.find("kind");
  return kind ? slot.find(kind->text()) : nullptr;
}

Value component_schema(const Value& slot, const Value& entry) {
  Value schema = Value::Object{{"type", "object", {}}, {"properties", Value::Object{{"use", use_schema(), {}}}, {}}};
  const Value* params = entry.find("params");
  for (const Value* part : {&slot, keys_of_kind(slot, entry), params}) {
    if (!part) continue;
    add_texts(schema, "required", *part);
    if (const Value* properties = part->find("properties"))
      for (const Value::Member& member : properties->object()) schema.find("properties")->set(member.key, member.value);
  }
  if (params && params->find("additionalProperties")) schema.set("additionalProperties", params->at("additionalProperties"));
  return schema;
}

const Value* params_of_part(const Value& schema, const Value& value, const Catalog& catalog) {
  const Value* use = component_word(schema).empty() || !value.is_object() ? nullptr : value.find("use");
  const Value* entry = use && use->is_text() ? Components(catalog).find(component_word(schema), use->text()) : nullptr;
  return entry ? entry->find("params") : nullptr;
}

}  // namespace graft::core
