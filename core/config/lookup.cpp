#include "core/config/lookup.hpp"

#include "core/config/core_schema.hpp"
#include "core/config/problems.hpp"

namespace graft::core {
namespace {

// `use` as written at path[i..) under `value`, each key also tried as the siblings' defaults `*`.
const Value* written_use(const Value& value, const Path& path, std::size_t i) {
  if (i == path.size()) {
    const Value* use = value.find("use");
    return use && use->is_text() ? use : nullptr;
  }
  for (const std::string& key : {path[i], std::string("*")})
    if (const Value* next = value.find(key))
      if (const Value* use = written_use(*next, path, i + 1)) return use;
  return nullptr;
}

bool is_split_source(const Path& path) { return path.size() == 4 && path[0] == "data" && path[2] == "split"; }

const Value* child_schema(const Value& schema, const std::string& key) {
  const Value* properties = schema.find("properties");
  if (const Value* property = properties ? properties->find(key) : nullptr) return property;
  const Value* additional = schema.find("additionalProperties");
  return additional && additional->is_object() ? additional : nullptr;
}

Value opened(const Value& root, const Value& schema, const Path& path, const Components& components) {
  const std::string_view word = component_word(schema);
  const Value* entry = word.empty() ? nullptr : components.find(word, use_at(root, path, components));
  return entry ? component_schema(schema, *entry) : schema;
}

Path choices_at(const Value& root, const Value& schema, const Path& path) {
  const Value* properties = schema.find("properties");
  Path choices = properties ? keys_of(*properties) : Path();
  if (!component_word(schema).empty()) choices.insert(choices.begin(), "use");
  if (const Value* value = value_at(root, path); value && !properties) choices = keys_of(*value);
  return choices;
}

}  // namespace

std::string dotted(const Path& path) {
  std::string text;
  for (const std::string& key : path) text += (text.empty() ? "" : ".") + key;
  return text;
}

const Value* value_at(const Value& root, const Path& path) {
  const Value* value = &root;
  for (const std::string& key : path)
    if (value) value = value->find(key);
  return value;
}

Lookup look_up(const Value& root, const Path& path, const Components& components) {
  Value schema = core_schema();
  Path so_far;
  for (const std::string& key : path) {
    const Value inside = opened(root, schema, so_far, components);
    const Value* next = child_schema(inside, key);
    if (!next) return {inside, so_far.size(), choices_at(root, inside, so_far)};
    schema = Value(*next);
    so_far.push_back(key);
  }
  return {schema, so_far.size(), {}};
}

std::string implied_use(const Value& slot, const std::string& key, const Components& components) {
  const Value* standard = slot.find("default");
  if (const Value* use = standard ? standard->find("use") : nullptr) return full_name(use->text());
  return components.find(component_word(slot), key) ? full_name(key) : "";
}

std::string use_at(const Value& root, const Path& path, const Components& components) {
  if (const Value* use = written_use(root, path, 0)) return full_name(use->text());
  if (is_split_source(path)) return use_at(root, {path[0], path[1], "source"}, components);
  const Lookup slot = look_up(root, path, components);
  return slot.known == path.size() && !path.empty() ? implied_use(slot.schema, path.back(), components) : "";
}

}  // namespace graft::core
