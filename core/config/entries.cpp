#include "core/config/entries.hpp"

#include <algorithm>

#include "core/config/core_schema.hpp"
#include "core/config/merge.hpp"

namespace graft::core {
namespace {

// Calls visit(object, noun, path) for each object of named entries, outer ones first.
template <class Object, class Visit>
void each_entries(Object& value, const Value& schema, const Path& path, const Visit& visit) {
  if (!value.is_object()) return;
  if (const Value* noun = schema.find("entries")) visit(value, noun->text(), path);
  const Value* properties = schema.find("properties");
  const Value* additional = schema.find("additionalProperties");
  for (auto& member : value.object()) {
    const Value* inner = properties ? properties->find(member.key) : nullptr;
    if (!inner && additional && additional->is_object()) inner = additional;
    if (!inner) continue;
    Path deeper = path;
    deeper.push_back(member.key);
    each_entries(member.value, *inner, deeper, visit);
  }
}

void move_before(Value& entries, const std::string& key, const std::string& sibling) {
  Value::Object& all = entries.object();
  const auto at = [&](const std::string& name) {
    return std::find_if(all.begin(), all.end(), [&](const Value::Member& member) { return member.key == name; });
  };
  const auto from = at(key), to = at(sibling);
  if (from < to)
    std::rotate(from, from + 1, to);
  else
    std::rotate(to, from, from + 1);
}

void place(Value& entries, const Path& path, Problems& problems) {
  for (const std::string& key : keys_of(entries)) {
    const Value* before = entries.find(key)->find("before");
    if (!before) continue;
    const std::string where = dotted(path) + "." + key + ".before";
    if (!before->is_text()) {
      problems.push_back({before->place, "", where + " must be the name of an entry, got " + to_json(*before)});
    } else if (before->text() == key || !entries.find(before->text())) {
      problems.push_back({before->place, "",
                          where + ": " + dotted(path) + " has no other entry " + before->text() +
                              did_you_mean(before->text(), keys_of(entries))});
    } else {
      move_before(entries, key, before->text());
    }
    entries.find(key)->erase("before");
  }
}

void spread(Value& entries, const Path& path, Problems& problems) {
  std::erase_if(entries.object(), [](const Value::Member& member) { return member.value.is_null(); });
  if (!entries.find("*")) return;
  const Value defaults = entries.at("*");
  entries.erase("*");
  if (!defaults.is_object()) {
    problems.push_back({defaults.place, "", dotted(path) + ".* must be an object, got " + to_json(defaults)});
    return;
  }
  for (Value::Member& member : entries.object())
    if (member.value.is_object()) member.value = merge(defaults, member.value, written_uses(defaults));
}

void spread_source(Value& stream) {
  const Value* source = stream.find("source");
  Value* split = stream.find("split");
  if (!source || !split) return;
  for (const char* name : {"train", "valid", "test"})
    if (Value* own = split->find(name); own && own->is_object()) *own = merge(*source, *own, written_uses(*source));
}

}  // namespace

void place_entries(Value& root, Problems& problems) {
  each_entries(root, core_schema(), {},
               [&](Value& entries, const std::string&, const Path& path) { place(entries, path, problems); });
}

void spread_defaults(Value& root, Problems& problems) {
  each_entries(root, core_schema(), {}, [&](Value& entries, const std::string& noun, const Path& path) {
    spread(entries, path, problems);
    if (noun != "stream") return;
    for (Value::Member& member : entries.object()) spread_source(member.value);
  });
}

void check_names(const Value& root, Problems& problems) {
  each_entries(root, core_schema(), {}, [&](const Value& entries, const std::string& noun, const Path& path) {
    for (const Value::Member& member : entries.object())
      if (member.key.empty() || member.key.find_first_of("./") != std::string::npos)
        problems.push_back({member.place, "",
                            dotted(path) + ": the name of a " + noun + " has no dots and no slashes and is not empty, got " +
                                to_json(Value(member.key))});
  });
}

}  // namespace graft::core
