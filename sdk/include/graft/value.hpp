// Value: a JSON-like tree that keeps what JSON libraries drop: key order, exact numbers, and where each value was written.
//
// Configs, manifests, tokenizer files, checkpoints' metadata and reports all are Values. Integers stay integers (64 bit);
// numbers are read and written with from_chars / to_chars, so a double comes back bit for bit. NaN and infinity are written
// as the strings "nan", "inf", "-inf", and number() reads them back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graft/export.hpp"

namespace graft {

// Where a value was written: a file with line and column (both from 1), or an origin without lines ("--set", "default").
struct GRAFT_API Place {
  std::shared_ptr<const std::string> file;  // null: made by the program
  int line = 0, column = 0;
  std::string text() const;  // "config.json:14:19", "--set", "" when unknown
};

class GRAFT_API Value {
 public:
  struct Member;
  using List = std::vector<Value>;
  using Object = std::vector<Member>;  // in the order written
  enum class Kind { kNull, kBool, kInteger, kNumber, kText, kList, kObject };

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool value) : data_(value) {}
  Value(int value) : data_(std::int64_t{value}) {}
  Value(std::int64_t value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(List value) : data_(std::move(value)) {}
  Value(Object value);

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kBool; }
  bool is_integer() const { return kind() == Kind::kInteger; }
  bool is_number() const { return kind() == Kind::kNumber || is_integer(); }
  bool is_text() const { return kind() == Kind::kText; }
  bool is_list() const { return kind() == Kind::kList; }
  bool is_object() const { return kind() == Kind::kObject; }
  static std::string_view kind_name(Kind kind);  // "null", "boolean", "integer", "number", "string", "array", "object"

  // Each throws Error("json", "config.json:3:7: must be a string, got 12") when the kind is another.
  bool flag() const;
  std::int64_t integer() const;
  double number() const;  // integers, and the strings "nan", "inf", "-inf", too
  const std::string& text() const;
  const List& list() const;
  List& list();
  const Object& object() const;
  Object& object();

  // Objects. find: null when absent. at: throws, naming the key and the nearest key that exists.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  const Value& at(std::string_view key) const;
  Value& set(std::string_view key, Value value);  // replaces in place, or appends; makes an object of a null
  bool erase(std::string_view key);               // keeps the order of the others

  bool operator==(const Value& other) const;  // contents only, not places; 1 == 1.0

  Place place;  // of the value itself

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> data_;
};

struct Value::Member {
  std::string key;
  Value value;
  Place place;  // of the key
  bool operator==(const Member& other) const { return key == other.key && value == other.value; }
};

// parse: JSON text (a leading BOM is skipped; // and /* */ comments and trailing commas when `relaxed`). `name` is what
// places say. throws Error("json", "name:line:column: what is wrong"); a key written twice in one object is an error.
GRAFT_API Value parse_json(std::string_view text, const std::string& name, bool relaxed = false);
GRAFT_API Value read_json(const std::string& path, bool relaxed = false);  // throws Error as well when the file cannot be read

// One line when indent is 0, else pretty-printed with that many spaces. Always ends without a newline.
GRAFT_API std::string to_json(const Value& value, int indent = 0);

// The candidate closest to `word` by edit distance, or "" when none is close enough to suggest (over a third of its length).
GRAFT_API std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace graft
