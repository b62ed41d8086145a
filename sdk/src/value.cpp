#include "graft/value.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <numeric>

#include "graft/error.hpp"
#include "graft/utf8.hpp"
#include "value_text.hpp"

namespace graft {
namespace {

[[noreturn]] void refuse(const Place& place, const std::string& text) {
  const std::string where = place.text();
  throw Error("json", where.empty() ? text : where + ": " + text);
}

template <class Held, class Data>
auto& held(Data& data, const Value& value, Value::Kind wanted) {
  if (auto* found = std::get_if<Held>(&data)) return *found;
  refuse(value.place, "must be " + with_article(Value::kind_name(wanted)) + ", got " + shown(value));
}

char lower(char letter) { return static_cast<char>(std::tolower(static_cast<unsigned char>(letter))); }

// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, upper and lower case alike.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool equal = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (equal ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

std::vector<std::string> keys_of(const Value::Object& object) {
  std::vector<std::string> keys;
  for (const Value::Member& member : object) keys.push_back(member.key);
  return keys;
}

}  // namespace

std::string Place::text() const {
  if (!file) return "";
  return line == 0 ? *file : *file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string shown(const Value& value) {
  constexpr std::size_t kLongest = 60;
  if (value.is_list() || value.is_object()) return with_article(Value::kind_name(value.kind()));
  std::string text = to_json(value);
  if (text.size() > kLongest) text = replace_ill_formed(text.substr(0, kLongest)) + "...";
  return text;
}

std::string with_article(std::string_view noun) {
  const bool vowel = !noun.empty() && std::string_view("aeio").find(noun.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + std::string(noun);
}

std::string did_you_mean(const std::string& choice) { return choice.empty() ? "" : ", did you mean " + choice + "?"; }

Value::Value(Object value) : data_(std::move(value)) {}

std::string_view Value::kind_name(Kind kind) {
  constexpr std::string_view kNames[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool Value::flag() const { return held<bool>(data_, *this, Kind::kBool); }
std::int64_t Value::integer() const { return held<std::int64_t>(data_, *this, Kind::kInteger); }
const std::string& Value::text() const { return held<std::string>(data_, *this, Kind::kText); }
const Value::List& Value::list() const { return held<List>(data_, *this, Kind::kList); }
Value::List& Value::list() { return held<List>(data_, *this, Kind::kList); }
const Value::Object& Value::object() const { return held<Object>(data_, *this, Kind::kObject); }
Value::Object& Value::object() { return held<Object>(data_, *this, Kind::kObject); }

double Value::number() const {
  if (const auto* integer = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*integer);
  if (const auto* word = std::get_if<std::string>(&data_)) {
    if (*word == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (*word == "inf") return std::numeric_limits<double>::infinity();
    if (*word == "-inf") return -std::numeric_limits<double>::infinity();
  }
  return held<double>(data_, *this, Kind::kNumber);
}

const Value* Value::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&data_);
  if (!object) return nullptr;
  const auto found = std::find_if(object->begin(), object->end(), [&](const Member& member) { return member.key == key; });
  return found == object->end() ? nullptr : &found->value;
}

Value* Value::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

const Value& Value::at(std::string_view key) const {
  if (const Value* value = find(key)) return *value;
  refuse(place, "has no key " + std::string(key) + did_you_mean(nearest(key, keys_of(object()))));
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) data_ = Object{};
  if (Value* present = find(key)) return *present = std::move(value);
  object().push_back({std::string(key), std::move(value), {}});
  return object().back().value;
}

bool Value::erase(std::string_view key) {
  return is_object() && std::erase_if(object(), [&](const Member& member) { return member.key == key; }) > 0;
}

bool Value::operator==(const Value& other) const {
  const bool mixed = is_number() && other.is_number() && kind() != other.kind();
  return mixed ? number() == other.number() : data_ == other.data_;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    const std::size_t edits = edit_distance(word, candidate);
    if (edits >= fewest || 3 * edits > std::max(word.size(), candidate.size())) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

}  // namespace graft
