#include "core/config/check.hpp"

#include <algorithm>

#include "core/config/core_schema.hpp"
#include "core/config/foreign_names.hpp"
#include "core/config/lookup.hpp"
#include "core/config/paths.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

struct Spot {
  std::string where;  // the component whose parameters these are; empty for the core's own
  Path path;          // from the root
  std::size_t from;   // messages name the path from here
  Place key;          // where the last key was written

  Spot below(const Value::Member& member) const {
    Spot spot = *this;
    spot.path.push_back(member.key);
    spot.key = member.place;
    return spot;
  }
  std::string name() const { return dotted({path.begin() + static_cast<std::ptrdiff_t>(from), path.end()}); }
};

std::vector<std::string> short_names(const std::vector<const Value*>& entries) {
  std::vector<std::string> names;
  for (const Value* entry : entries) names.push_back(short_name(entry->at("name").text()));
  return names;
}

class Check {
 public:
  Check(const Components& components, Problems& problems) : components_(components), problems_(problems) {}

  void root(Value& root) {
    parameters(root, core_schema(), "", {});
    visit(root, core_schema(), {"", {}, 0, root.place});
  }

 private:
  void report(const Place& place, const std::string& where, std::string text) {
    problems_.push_back({place, where, std::move(text)});
  }

  // Problems name a key by its path from the root for the core's own keys, by itself for a component's.
  void parameters(Value& value, const Value& schema, const std::string& where, const Path& path) {
    Value wrapped = std::move(value), wrapper = schema;
    for (std::size_t i = path.size(); i-- > 0;) {
      const Place place = wrapped.place;
      wrapped = Value::Object{{path[i], std::move(wrapped), place}};
      wrapped.place = place;
      wrapper = Value::Object{{"properties", Value::Object{{path[i], std::move(wrapper), {}}}, {}}};
    }
    for (Problem& problem : check_parameters(wrapped, wrapper, where)) problems_.push_back(in_graft_words(std::move(problem)));
    for (const std::string& key : path) {
      Value inner = std::move(*wrapped.find(key));
      wrapped = std::move(inner);
    }
    value = std::move(wrapped);
  }

  void visit(Value& value, const Value& schema, const Spot& spot) {
    if (!component_word(schema).empty()) {
      if (value.is_object()) component(value, schema, spot);
    } else if (value.is_object()) {
      members(value, schema, spot);
    } else if (value.is_list()) {
      const Value* items = schema.find("items");
      for (Value& item : value.list()) visit(item, items ? *items : schema, spot);
    } else if (value.is_text() && schema.find("format") && schema.at("format") == Value("path")) {
      input(value, spot);
    }
  }

  void members(Value& object, const Value& schema, const Spot& spot) {
    const Value* properties = schema.find("properties");
    const Value* additional = schema.find("additionalProperties");
    for (Value::Member& member : object.object()) {
      const Value* inner = properties ? properties->find(member.key) : nullptr;
      if (!inner && additional && additional->is_object()) inner = additional;
      if (inner) visit(member.value, *inner, spot.below(member));
    }
  }

  void input(Value& value, const Spot& spot) {
    if (value.text().empty()) return;
    try {
      const Place place = value.place;
      value = input_path(place, value.text());
      value.place = place;
    } catch (const Error& error) {
      report(value.place, spot.where, spot.name() + ": " + error.text());
    }
  }

  void component(Value& value, const Value& slot, const Spot& spot) {
    const Value* entry = used(value, slot, spot);
    if (!entry) return;
    const std::string name = entry->at("name").text();
    const bool is_core = is_core_word(component_word(slot));
    name_use(value, name, spot.key);
    const Value schema = component_schema(slot, *entry);
    const Spot inside{is_core ? "" : name, spot.path, is_core ? 0 : spot.path.size(), spot.key};
    parameters(value, schema, inside.where, is_core ? spot.path : Path());
    members(value, schema, inside);
  }

  // The entry of the component that an object names; reports and gives null when there is none.
  const Value* used(const Value& value, const Value& slot, const Spot& spot) {
    const std::string_view word = component_word(slot);
    const Value* use = value.find("use");
    if (use && use->is_null()) use = nullptr;
    if (use && !use->is_text()) {
      report(use->place, spot.where, spot.name() + ".use must be a string, got " + to_json(*use));
      return nullptr;
    }
    const std::string name = use ? full_name(use->text()) : implied_use(slot, spot.path.back(), components_);
    if (const Value* entry = name.empty() ? nullptr : components_.find(word, name)) return entry;
    if (use)
      report(use->place, spot.where, unknown(spot.name(), word, use->text()));
    else
      missing(value, word, spot);
    return nullptr;
  }

  void missing(const Value& value, std::string_view word, const Spot& spot) {
    for (const Value::Member& member : value.object())
      if (nearest(member.key, {"use"}) == "use")
        return report(member.place, spot.where, spot.name() + "." + member.key + " is not a parameter, did you mean use?");
    const std::string near = did_you_mean(spot.path.back(), short_names(components_.all(word)));
    const bool is_entry = near.empty() || spot.path.size() == 1;
    report(is_entry ? value.place : spot.key, spot.where,
           is_entry ? spot.name() + ".use is required: which " + spoken(word) + " it is"
                    : spot.name() + ": there is no " + spoken(word) + " " + spot.path.back() + near);
  }

  std::string unknown(const std::string& name, std::string_view word, const std::string& use) const {
    const std::vector<std::string> names = short_names(components_.all(word));
    const std::string near = did_you_mean(short_name(use), names);
    if (is_core_word(word)) return name + ".use must be " + listed(names, "or") + ", got " + use + near;
    for (const Component* other : components_.catalog().all())
      if (other->name == full_name(use))
        return name + ": " + use + " is " + article(kind_name(other->kind)) + ", not " + article(spoken(word)) + near;
    return name + ": there is no " + spoken(word) + " " + use + (near.empty() ? "; graft list shows what there is" : near);
  }

  static std::string article(std::string_view noun) {
    return (std::string_view("aeiou").find(noun.front()) == std::string_view::npos ? "a " : "an ") + std::string(noun);
  }

  static void name_use(Value& value, const std::string& name, const Place& key) {
    const Value* use = value.find("use");
    const Place place = use && !use->is_null() ? use->place : key;
    value.erase("use");
    Value named = name;
    named.place = place;
    value.object().insert(value.object().begin(), {"use", std::move(named), place});
  }

  const Components& components_;
  Problems& problems_;
};

void sort_sections(Value& root) {
  const std::vector<std::string> order = keys_of(core_schema().at("properties"));
  const auto rank = [&](const Value::Member& member) {
    return std::find(order.begin(), order.end(), member.key) - order.begin();
  };
  std::stable_sort(root.object().begin(), root.object().end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

}  // namespace

void check_config(Value& root, const Components& components, Problems& problems) {
  if (const Value* search = root.find("search"); search && !search->is_null())
    problems.push_back({search->place, "", "search is reserved for graft search, which this version does not have"});
  root.erase("search");
  root.erase("$schema");
  Check(components, problems).root(root);
  sort_sections(root);
}

}  // namespace graft::core
