#include "core/conformance/draw.hpp"

#include <algorithm>
#include <string>

namespace graft::core::conformance {
namespace {

std::vector<std::string> types_of(const Value& schema) {
  std::vector<std::string> types;
  const Value* type = schema.find("type");
  if (type && type->is_text()) types.push_back(type->text());
  if (type && type->is_list())
    for (const Value& one : type->list()) types.push_back(one.text());
  return types;
}

bool has(const std::vector<std::string>& types, const char* name) {
  return std::find(types.begin(), types.end(), name) != types.end();
}

std::optional<double> bound(const Value& schema, const char* key) {
  const Value* value = schema.find(key);
  return value ? std::optional(value->number()) : std::nullopt;
}

Value drawn_integer(const Value& schema, Rng& rng) {
  constexpr std::int64_t kSpan = 16;
  const auto low = bound(schema, "minimum"), above = bound(schema, "exclusiveMinimum"), high = bound(schema, "maximum");
  const std::int64_t first = low ? static_cast<std::int64_t>(*low) : above ? static_cast<std::int64_t>(*above) + 1 : 0;
  const std::int64_t last = high ? std::min(static_cast<std::int64_t>(*high), first + kSpan) : first + kSpan;
  return first + rng.below(last - first + 1);
}

Value drawn_number(const Value& schema, Rng& rng) {
  const auto low = bound(schema, "minimum"), above = bound(schema, "exclusiveMinimum");
  const auto high = bound(schema, "maximum"), below = bound(schema, "exclusiveMaximum");
  const double first = low.value_or(above.value_or(-2.0)), last = high.value_or(below.value_or(first + 4.0));
  if (low && rng.uniform() < 0.2) return first;  // the ends are where faults are
  if (high && rng.uniform() < 0.2) return last;
  return first + (last - first) * (0.01 + 0.98 * rng.uniform());
}

std::optional<Value> drawn_list(const Value& schema, Rng& rng) {
  const Value* items = schema.find("items");
  const auto least = bound(schema, "minItems"), most = bound(schema, "maxItems");
  const std::int64_t first = least ? static_cast<std::int64_t>(*least) : 0;
  const std::int64_t last = most ? static_cast<std::int64_t>(*most) : first + 2;
  Value::List list;
  for (std::int64_t left = first + rng.below(last - first + 1); left > 0; --left) {
    const auto item = items ? drawn(*items, rng) : std::nullopt;
    if (!item) return std::nullopt;
    list.push_back(*item);
  }
  return Value(std::move(list));
}

}  // namespace

std::optional<Value> drawn(const Value& schema, Rng& rng) {
  if (schema.find("format")) return std::nullopt;
  if (const Value* choices = schema.find("enum"))
    return choices->list()[static_cast<std::size_t>(rng.below(static_cast<std::int64_t>(choices->list().size())))];
  const std::vector<std::string> types = types_of(schema);
  if (types.empty()) return std::nullopt;
  const std::string type = types[static_cast<std::size_t>(rng.below(static_cast<std::int64_t>(types.size())))];
  if (type == "integer") return drawn_integer(schema, rng);
  if (type == "number") return drawn_number(schema, rng);
  if (type == "boolean") return Value(rng.uniform() < 0.5);
  if (type == "array") return drawn_list(schema, rng);
  return std::nullopt;
}

std::vector<std::pair<Value, const char*>> forbidden(const Value& schema) {
  std::vector<std::pair<Value, const char*>> values;
  const std::vector<std::string> types = types_of(schema);
  const auto add = [&](const char* key, double step) {
    const auto at = bound(schema, key);
    if (!at || !(has(types, "number") || has(types, "integer"))) return;
    const double value = *at + step;
    if (has(types, "number"))
      values.emplace_back(Value(value), key);
    else
      values.emplace_back(Value(static_cast<std::int64_t>(value)), key);
  };
  add("minimum", -1), add("maximum", 1), add("exclusiveMinimum", 0), add("exclusiveMaximum", 0);
  if (schema.find("enum")) values.emplace_back(Value("graft-check: no such choice"), "enum");
  const auto least = bound(schema, "minItems"), most = bound(schema, "maxItems");
  if (has(types, "array") && least && *least > 0) values.emplace_back(Value(Value::List{}), "minItems");
  if (has(types, "array") && most) values.emplace_back(Value::List(static_cast<std::size_t>(*most) + 1, Value("a")), "maxItems");
  if (!types.empty() && !has(types, "object")) values.emplace_back(Value(Value::Object{}), "type");
  return values;
}

}  // namespace graft::core::conformance
