#include "core/config/overrides.hpp"

#include <algorithm>
#include <sstream>

#include "core/config/entries.hpp"
#include "core/config/merge.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

const Place& origin() {
  static const Place place{std::make_shared<const std::string>("--set"), 0, 0};
  return place;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  if (text.empty() || text.back() == separator) parts.emplace_back();
  return parts;
}

std::vector<std::string> accepted_types(const Value& schema) {
  const Value* type = schema.find("type");
  if (type && type->is_text()) return {type->text()};
  std::vector<std::string> types;
  if (type)
    for (const Value& name : type->list()) types.push_back(name.text());
  if (!type && schema.find("format") && schema.at("format") == Value("columns")) types = {"string", "array"};
  return types;
}

Value list_of(const std::string& text, const Value& schema) {
  static const Value any = Value::Object{{"type", "string", {}}};
  const Value* items = schema.find("items");
  Value::List list;
  if (!text.empty())
    for (const std::string& part : split(text, ',')) list.push_back(read_value(part, items ? *items : any));
  return list;
}

Value parsed(const std::string& text) {
  try {
    return parse_json(text, "--set");
  } catch (const Error&) {
    return text;
  }
}

void mark(Value& value) {
  value.place = origin();
  if (value.is_list())
    for (Value& item : value.list()) mark(item);
  if (value.is_object())
    for (Value::Member& member : value.object()) {
      member.place = origin();
      mark(member.value);
    }
}

class Overrides {
 public:
  Overrides(Value& root, const Components& components, Problems& problems)
      : root_(root), components_(components), problems_(problems) {}

  void apply(const std::string& set) {
    const std::size_t equals = set.find('=');
    const Path path = split(set.substr(0, equals), '.');
    const bool is_named = std::none_of(path.begin(), path.end(), [](const std::string& key) { return key.empty(); });
    if (equals == std::string::npos || !is_named) return report("needs the form a.b.c=value, got " + set);
    const Lookup found = look_up(root_, path, components_);
    if (found.known < path.size() && !is_before(path) && knows_component(path, found.known))
      return report(dotted(path) + ": there is no " + path[found.known] + hint(path, found));
    const std::string text = set.substr(equals + 1);
    if (!may_be_new(path, text == "null")) return;
    put(path, read_value(text, found.known == path.size() ? found.schema : Value(Value::Object{})));
  }

 private:
  void report(const std::string& text) { problems_.push_back({origin(), "", text}); }

  static bool is_before(const Path& path) { return path.back() == "before"; }

  // Below a component that nobody provides, or that has no `use` yet, no key can be judged; the checks name the component.
  bool knows_component(const Path& path, std::size_t known) const {
    const Path head(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(known));
    const Lookup at = look_up(root_, head, components_);
    const std::string_view word = component_word(at.schema);
    return word.empty() || components_.find(word, use_at(root_, head, components_));
  }

  std::string hint(const Path& path, const Lookup& found) const {
    const Path head(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(found.known));
    if (head.empty()) return did_you_mean_or_list(path[0], found.choices);
    if (const std::string close = did_you_mean(path[found.known], found.choices); !close.empty())
      return " in " + dotted(head) + close;
    const bool is_component = !component_word(look_up(root_, head, components_).schema).empty();
    const std::string use = is_component ? short_name(use_at(root_, head, components_)) : "";
    return " in " + dotted(head) + (use.empty() || use == head.back() ? "" : ", which is " + use) +
           did_you_mean_or_list(path[found.known], found.choices);
  }

  // Entries on the way that are not there yet: a slip of the pen, or a new one?
  bool may_be_new(const Path& path, bool is_removed) {
    Path so_far;
    for (const std::string& key : path) {
      const Path parent = so_far;
      so_far.push_back(key);
      const Lookup slot = look_up(root_, parent, components_);
      if (!slot.schema.find("entries") || value_at(root_, so_far)) continue;
      const Value* entries = value_at(root_, parent);
      const std::string near = entries && key != "*" ? did_you_mean(key, keys_of(*entries)) : "";
      const Value& inner = slot.schema.at("additionalProperties");
      const bool is_made = path.back() == "use" || components_.find(component_word(inner), key);
      if (is_made || (near.empty() && !is_removed)) continue;
      report(dotted(path) + ": there is no " + key + " in " + dotted(parent) +
             (near.empty() && entries ? did_you_mean_or_list(key, keys_of(*entries)) : near));
      return false;
    }
    return true;
  }

  void put(const Path& path, Value value) {
    mark(value);
    for (std::size_t i = path.size(); i-- > 0;) {
      Value outer = Value::Object{{path[i], std::move(value), origin()}};
      value = std::move(outer);
      value.place = origin();
    }
    keep_places(value, root_);
    const Value before = root_;
    root_ = merge(before, value, [&](const Path& at) { return use_at(before, at, components_); });
    place_entries(root_, problems_);
  }

  // Objects that were there already keep their place: what is missing in them is missing in the file. Not so where the option sets
  // `use`: what the new component misses, the option has left out.
  static void keep_places(Value& patch, const Value& base) {
    if (!patch.is_object() || !base.is_object()) return;
    if (!patch.find("use")) patch.place = base.place;
    for (Value::Member& member : patch.object())
      for (const Value::Member& old : base.object())
        if (old.key == member.key && old.value.is_object() && member.value.is_object()) {
          member.place = old.place;
          keep_places(member.value, old.value);
        }
  }

  Value& root_;
  const Components& components_;
  Problems& problems_;
};

}  // namespace

Value read_value(const std::string& text, const Value& schema) {
  if (text == "null") return nullptr;
  if (!text.empty() && std::string_view("{[\"").find(text.front()) != std::string_view::npos) return parsed(text);
  const std::vector<std::string> types = accepted_types(schema);
  const auto takes = [&](std::string_view type) { return std::find(types.begin(), types.end(), type) != types.end(); };
  const Value value = parsed(text);
  const bool fits =
      (value.is_bool() && takes("boolean")) || (value.is_integer() && takes("integer")) || (value.is_number() && takes("number"));
  if (fits) return value;
  const bool is_list = takes("array") && (!takes("string") || text.find(',') != std::string::npos);
  return is_list ? list_of(text, schema) : Value(text);
}

void apply_overrides(Value& root, const std::vector<std::string>& sets, const Components& components, Problems& problems) {
  Overrides overrides(root, components, problems);
  for (const std::string& set : sets) overrides.apply(set);
}

}  // namespace graft::core
