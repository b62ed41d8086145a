#include "core/config/explain.hpp"

#include <algorithm>

#include "core/config/components.hpp"
#include "core/config/core_schema.hpp"

namespace graft::core {
namespace {

class Explain {
 public:
  explicit Explain(const Catalog& catalog) : components_(catalog) {}

  // Values of a free-form object mean what the object means.
  void visit(const Value& value, const Value& schema, const std::string& name, const std::string& outer = "") {
    const std::string own = text_of(schema, "description"), meaning = own.empty() ? outer : own;
    const Value* entry = used(value, schema);
    const Value opened = entry ? component_schema(schema, *entry) : schema;
    const Value* properties = opened.find("properties");
    const Value* additional = opened.find("additionalProperties");
    const bool has_parts =
        value.is_object() && !value.object().empty() && (properties || (additional && additional->is_object()));
    if (!has_parts) return add(value, name, meaning);
    for (const Value::Member& member : value.object()) {
      const std::string full = name.empty() ? member.key : name + "." + member.key;
      const Value* inner = properties ? properties->find(member.key) : nullptr;
      if (!inner && additional && additional->is_object()) inner = additional;
      if (entry && member.key == "use")
        add(member.value, full, text_of(*entry, "summary"));
      else
        visit(member.value, inner ? *inner : nothing_, full, meaning);
    }
  }

  std::vector<Explanation> lines;

 private:
  const Value* used(const Value& value, const Value& schema) const {
    const std::string_view word = component_word(schema);
    const Value* use = word.empty() ? nullptr : value.find("use");
    return use && use->is_text() ? components_.find(word, use->text()) : nullptr;
  }

  static std::string text_of(const Value& schema, const char* key) {
    const Value* text = schema.find(key);
    return text && text->is_text() ? text->text() : "";
  }

  void add(const Value& value, const std::string& name, std::string meaning) {
    lines.push_back({name, to_json(value), value.place.text(), std::move(meaning)});
  }

  Components components_;
  const Value nothing_ = Value::Object{};
};

// Wide enough for most; a longer text moves only its own line.
std::size_t width_of(const std::vector<Explanation>& lines, std::size_t most, const auto& part) {
  std::size_t width = 0;
  for (const Explanation& line : lines)
    if (part(line).size() <= most) width = std::max(width, part(line).size());
  return width;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text + "   ";
}

}  // namespace

std::vector<Explanation> explanations(const Value& root, const Catalog& catalog) {
  Explain explain(catalog);
  explain.visit(root, core_schema(), "");
  return std::move(explain.lines);
}

std::string explain(const Value& root, const Catalog& catalog) {
  const std::vector<Explanation> lines = explanations(root, catalog);
  const auto setting = [](const Explanation& line) { return line.key + " = " + line.value; };
  const auto origin = [](const Explanation& line) { return line.origin; };
  const std::size_t first = width_of(lines, 60, setting), second = width_of(lines, 40, origin);
  std::string text;
  for (const Explanation& line : lines) text += padded(setting(line), first) + padded(line.origin, second) + line.meaning + "\n";
  return text;
}

}  // namespace graft::core
