// Mutations: a config with each of its keys broken in turn, to show that each slip is refused at its place with the right hint.
//
//   misspelt       a letter is missing from a key               line and column of the key, "did you mean <key>?"
//   wrong type     a value of a type that the schema has not    line and column of the value, "must be"
//   out of range   past a bound, or not among the choices       line and column of the value, "must be"; a path "does not exist"
//   left out       a required key is not there                  line and column of its object, "<key> is required"
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/config/core_schema.hpp"
#include "core/config/lookup.hpp"
#include "core/config/resolve.hpp"
#include "graft/files.hpp"

namespace graft::core {

struct Mutations {
  int tried = 0;
  std::vector<std::string> failures;  // what was changed, what was expected and what was said instead
};

class ConfigMutator {
 public:
  ConfigMutator(std::string path, const Catalog& catalog)
      : path_(std::move(path)),
        catalog_(catalog),
        components_(catalog),
        text_(read_file(path_)),
        written_(parse_json(text_, path_, true)) {
    Problems problems;
    merged_ = read_document(path_, components_, graft::read_file, problems).root;
  }

  Mutations run() {
    members(written_, {});
    return std::move(result_);
  }

 private:
  void members(const Value& object, const Path& path) {
    const Lookup inside = look_up(merged_, path, components_);
    const bool has_free_keys = inside.schema.find("entries") || is_map(inside.schema);
    for (std::size_t i = 0; i < object.object().size(); ++i) {
      const Value::Member& member = object.object()[i];
      Path inner = path;
      inner.push_back(member.key);
      if (path.empty() && member.key == "extends") continue;
      if (!has_free_keys) misspell(member, path);
      const Lookup slot = look_up(merged_, inner, components_);
      if (slot.known == inner.size()) value(member.value, slot.schema, dotted(inner));
      if (is_required(path, member.key)) leave_out(object, i, dotted(inner));
      if (member.value.is_object()) members(member.value, inner);
    }
  }

  static bool is_map(const Value& schema) {
    const Value* additional = schema.find("additionalProperties");
    return additional && additional->is_object() && !schema.find("properties");
  }

  Value object_schema(const Path& path) const {
    const Lookup slot = look_up(merged_, path, components_);
    const std::string_view word = component_word(slot.schema);
    const Value* entry = word.empty() ? nullptr : components_.find(word, use_at(merged_, path, components_));
    return entry ? component_schema(slot.schema, *entry) : slot.schema;
  }

  bool is_required(const Path& path, const std::string& key) const {
    const Value schema = object_schema(path);
    const Value* required = schema.find("required");
    if (!required) return false;
    if (path.size() == 4 && path[2] == "split") return false;  // its stream's source has it
    if (written_.find("extends") || std::find(path.begin(), path.end(), "*") != path.end()) return false;
    for (Path entries = path; !entries.empty(); entries.pop_back())  // defaults of siblings may have it
      if (value_at(written_, entries)->find("*")) return false;
    for (const Value& name : required->list())
      if (name.text() == key) return true;
    return false;
  }

  void misspell(const Value::Member& member, const Path& path) {
    const Value schema = object_schema(path);
    const Value* properties = schema.find("properties");
    for (std::size_t i = member.key.size(); i-- > 0;) {
      std::string slip = member.key;
      slip.erase(i, 1);
      if (slip.empty() || (properties && is_slip_of_another(slip, member.key, *properties))) continue;
      const std::size_t at = offset(member.place);
      return expect(replaced(at, at + member.key.size() + 2, to_json(slip)),
                    "key " + dotted(path) + "." + member.key + " as " + slip, member.place, "did you mean " + member.key + "?");
    }
  }

  static bool is_slip_of_another(const std::string& slip, const std::string& key, const Value& properties) {
    for (const Value::Member& other : properties.object()) {
      if (other.key == slip) return true;
      if (other.key == key || other.key.size() > slip.size() + 1) continue;
      for (std::size_t i = 0; i < other.key.size(); ++i)
        if (std::string(other.key).erase(i, 1) == slip) return true;
    }
    return false;
  }

  void value(const Value& value, const Value& schema, const std::string& name) {
    Value own = schema;
    const bool is_slot = !component_word(schema).empty();
    if (is_slot && !schema.find("type")) own.set("type", "object");
    if (schema.find("format") && !is_slot && !schema.find("type")) own.set("type", "string");
    if (schema.find("format") == nullptr && !schema.find("type") && schema.find("enum")) own.set("type", "string");
    wrong_type(value, own, name);
    if (!value.is_object() && !value.is_list()) out_of_range(value, own, name);
  }

  void wrong_type(const Value& value, const Value& schema, const std::string& name) {
    const Value whole =
        Value::Object{{"properties", Value::Object{{"x", Value::Object{{"type", schema.at("type"), {}}}, {}}}, {}}};
    for (const Value& other : {Value(12.5), Value(true), Value("?"), Value(Value::List{}), Value(Value::Object{})}) {
      Value tried = Value::Object{{"x", other, {}}};
      if (check_parameters(tried, whole, "").empty()) continue;
      expect(with_value(value, to_json(other)), name + " = " + to_json(other), value.place, "must be ");
    }
  }

  void out_of_range(const Value& value, const Value& schema, const std::string& name) {
    const auto past = [&](const char* keyword, double step) {
      if (const Value* bound = schema.find(keyword)) {
        const Value beyond =
            bound->is_integer() ? Value(bound->integer() + static_cast<std::int64_t>(step)) : Value(bound->number() + step);
        expect(with_value(value, to_json(beyond)), name + " = " + to_json(beyond), value.place, "must be ");
      }
    };
    past("minimum", -1);
    past("maximum", 1);
    past("exclusiveMinimum", 0);
    past("exclusiveMaximum", 0);
    if (!value.is_text()) return;
    const bool is_path = schema.find("format") && schema.at("format") == Value("path");
    if (is_path) expect(with_value(value, to_json(value.text() + "x")), name + " is not there", value.place, "does not exist");
    if (const Value* choices = schema.find("enum")) {
      if (choices->list().front().is_text())
        expect(with_value(value, to_json(value.text() + "x")), name + " = " + value.text() + "x", value.place, "must be ");
    }
  }

  void leave_out(const Value& object, std::size_t i, const std::string& name) {
    const Value::Member& member = object.object()[i];
    const std::size_t begin = offset(member.place);
    std::size_t end = value_end(offset(member.value.place));
    const std::size_t comma = text_.find_first_not_of(" \t\r\n", end);
    if (comma != std::string::npos && text_[comma] == ',') end = comma + 1;
    expect(replaced(begin, end, ""), name + " left out", object.place, member.key + " is required");
  }

  void expect(const std::string& text, const std::string& what, const Place& place, const std::string& words) {
    ++result_.tried;
    const auto read = [&](const std::string& path) { return path == path_ ? text : graft::read_file(path); };
    try {
      resolve_config(path_, {}, catalog_, read);
      result_.failures.push_back(what + ": was not refused");
    } catch (const ConfigErrors& errors) {
      for (const Problem& problem : errors.problems())
        if (problem.place.text() == place.text() && problem.text.find(words) != std::string::npos) return;
      result_.failures.push_back(what + ": expected \"" + words + "\" at " + place.text() + ", got\n" + errors.what());
    }
  }

  std::string with_value(const Value& value, const std::string& text) const {
    const std::size_t at = offset(value.place);
    return replaced(at, value_end(at), text);
  }

  std::string replaced(std::size_t begin, std::size_t end, const std::string& by) const {
    return text_.substr(0, begin) + by + text_.substr(end);
  }

  std::size_t offset(const Place& place) const {
    std::size_t at = 0;
    for (int line = 1; line < place.line; ++line) at = text_.find('\n', at) + 1;
    for (int column = 1; column < place.column; ++at)
      if ((static_cast<unsigned char>(text_[at + 1]) & 0xC0) != 0x80) ++column;
    return at;
  }

  std::size_t value_end(std::size_t at) const {
    int depth = 0;
    do {
      if (text_[at] == '"') {
        for (++at; text_[at] != '"'; ++at)
          if (text_[at] == '\\') ++at;
        ++at;
      } else if (text_.compare(at, 2, "//") == 0) {
        at = text_.find('\n', at);
      } else if (text_[at] == '{' || text_[at] == '[') {
        ++depth, ++at;
      } else if (text_[at] == '}' || text_[at] == ']') {
        --depth, ++at;
      } else if (depth == 0) {
        return text_.find_first_of(",]} \t\r\n/", at);
      } else {
        ++at;
      }
    } while (depth > 0);
    return at;
  }

  std::string path_;
  const Catalog& catalog_;
  Components components_;
  std::string text_;
  Value written_, merged_;
  Mutations result_;
};

inline Mutations mutate_config(const std::string& path, const Catalog& catalog) { return ConfigMutator(path, catalog).run(); }

}  // namespace graft::core
