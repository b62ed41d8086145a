#include "graft/parameters.hpp"

#include <algorithm>

#include "parameter_rules.hpp"
#include "value_text.hpp"

namespace graft {
namespace {

using Problems = std::vector<Problem>;

class Check {
 public:
  Check(const std::string& where, Problems& problems) : where_(where), problems_(problems) {}

  void value(Value& value, const Value& schema, const std::string& name) const {
    if (!is_of_type(value, schema)) return report(value.place, name + " must be " + types_text(schema) + ", got " + shown(value));
    if (!is_among(value, schema)) return report(value.place, choice_text(value, schema, name));
    if (value.is_number()) range(value, schema, name);
    if (value.is_text() && schema.find("format") && value.text().empty()) report(value.place, name + " must not be empty");
    if (value.is_list()) list(value, schema, name);
    if (value.is_object() && !is_component(schema)) object(value, schema, name, false);
  }

  void object(Value& object, const Value& schema, const std::string& name, bool is_root) const {
    std::erase_if(object.object(), [&](const Value::Member& member) { return is_unset(member, schema); });
    for (const std::string& key : required(schema))
      if (!object.find(key)) report(object.place, dotted(name, key) + " is required");
    for (Value::Member& member : object.object()) this->member(member, schema, name, is_root);
    fill_defaults(object, schema);
  }

 private:
  void report(const Place& place, std::string text) const { problems_.push_back({place, where_, std::move(text)}); }

  void member(Value::Member& member, const Value& schema, const std::string& name, bool is_root) const {
    const std::string full = dotted(name, member.key);
    if (const Value* known = property(schema, member.key)) return value(member.value, *known, full);
    const Value* additional = schema.find("additionalProperties");
    if (additional && additional->is_object()) return value(member.value, *additional, full);
    const bool is_open = additional ? additional->flag() : !is_root && !schema.find("properties");
    if (!is_open) report(member.place, full + " is not a parameter" + choices(member.key, schema));
  }

  static std::string choices(const std::string& key, const Value& schema) {
    const std::vector<std::string> names = property_names(schema);
    const std::string closest = nearest(key, names);
    if (!closest.empty() || names.empty()) return did_you_mean(closest);
    return "; there " + std::string(names.size() == 1 ? "is " : "are ") + listed(names, "and");
  }

  void range(const Value& value, const Value& schema, const std::string& name) const {
    const double number = value.number();
    const auto hold = [&](const char* keyword, const char* sign, auto holds) {
      const Value* bound = schema.find(keyword);
      if (bound && !holds(number, bound->number()))
        report(value.place, name + " must be " + sign + " " + shown(*bound) + ", got " + shown(value));
    };
    hold("minimum", ">=", std::greater_equal<>());
    hold("maximum", "<=", std::less_equal<>());
    hold("exclusiveMinimum", ">", std::greater<>());
    hold("exclusiveMaximum", "<", std::less<>());
  }

  void list(Value& value, const Value& schema, const std::string& name) const {
    const auto count = static_cast<std::int64_t>(value.list().size());
    const auto hold = [&](const char* keyword, const char* words, bool is_short) {
      const Value* bound = schema.find(keyword);
      if (!bound || (is_short ? count >= bound->integer() : count <= bound->integer())) return;
      const std::string entries = bound->integer() == 1 ? " entry" : " entries";
      report(value.place, name + " must have " + words + " " + shown(*bound) + entries + ", got " + std::to_string(count));
    };
    hold("minItems", "at least", true);
    hold("maxItems", "at most", false);
    const Value* items = item_schema(schema);
    for (std::size_t i = 0; items && i < value.list().size(); ++i)
      this->value(value.list()[i], *items, name + "[" + std::to_string(i) + "]");
  }

  const std::string& where_;
  Problems& problems_;
};

}  // namespace

std::string Problem::message() const {
  const std::string at = place.text();
  return (at.empty() ? "" : at + ": ") + (where.empty() ? "" : "[" + where + "] ") + text;
}

std::vector<Problem> check_parameters(Value& parameters, const Value& schema, const std::string& where) {
  Problems problems;
  if (parameters.is_null()) parameters = Value(Value::Object{});
  if (!parameters.is_object()) return {{parameters.place, where, "parameters must be an object, got " + shown(parameters)}};
  Check(where, problems).object(parameters, schema, "", true);
  return problems;
}

}  // namespace graft
