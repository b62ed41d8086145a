#include "jsonl.hpp"

#include <algorithm>
#include <unordered_map>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/jsonl";
constexpr std::string_view kName = "line";  // of a line for the JSON reader, whose places begin with it

std::string_view line_at(std::string_view text, std::size_t begin) {
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_cell(const Value& value) { return !value.is_list() && !value.is_object(); }

struct Fault {
  std::string place, text;  // place: "line" or "line:column"
};

}  // namespace

// Goes through the lines that are not empty.
class Jsonl::Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool next(Line& line) {
    while (begin_ < text_.size()) {
      line = {line_at(text_, begin_), begin_, ++number_};
      begin_ = std::min(text_.find('\n', begin_), text_.size() - 1) + 1;
      if (line.bytes.find_first_not_of(" \t") != std::string_view::npos) return true;
    }
    return false;
  }

 private:
  std::string_view text_;
  std::size_t begin_ = 0;
  std::int64_t number_ = 0;
};

// Settles columns and types line by line.
class Jsonl::Scan {
 public:
  explicit Scan(const Jsonl& source) : source_(source) {}

  // Adds the line's cells, or says why not.
  std::optional<Fault> add(const Line& line) {
    Value object;
    try {
      object = source_.parse(line.bytes);
    } catch (const Error& error) {
      return json_fault(line, error.text());
    }
    if (auto fault = fault_of(line, object)) return fault;
    std::string scratch;
    for (const Value::Member& member : object.object()) column(member.key);
    for (ColumnScan& column : columns_) {
      const Value* value = object.find(column.name());
      column.add(value ? source_.cell_of(*value, scratch) : kAbsent);
    }
    ++rows_;
    return std::nullopt;
  }

  Schema fields() const {
    Schema fields;
    for (const ColumnScan& column : columns_) fields.push_back(column.field());
    return fields;
  }

 private:
  static constexpr Cell kAbsent = {"", true, false};

  static Fault json_fault(const Line& line, const std::string& text) {
    const std::size_t column = kName.size() + std::string_view(":1:").size(), end = text.find(": ", column);
    if (!text.starts_with(kName) || end == std::string::npos) return {std::to_string(line.number), text};
    return {std::to_string(line.number) + ":" + text.substr(column, end - column), text.substr(end + 2)};
  }

  std::optional<Fault> fault_of(const Line& line, const Value& object) const {
    const std::string place = std::to_string(line.number);
    if (!object.is_object()) return Fault{place + ":1", "must be an object, is " + std::string(Value::kind_name(object.kind()))};
    std::string scratch;
    for (const Value::Member& member : object.object()) {
      const std::string at = place + ":" + std::to_string(member.value.place.column);
      if (!is_cell(member.value))
        return Fault{at, member.key + " must be a number, a string, true, false or null, is " +
                             std::string(Value::kind_name(member.value.kind()))};
      if (member.value.is_text() && member.value.text().find('\0') != std::string::npos)
        return Fault{at, member.key + " must be text, holds a NUL character"};
      const ColumnScan probe(member.key, source_.rules_.type_of(member.key));
      std::string text = probe.fault(source_.cell_of(member.value, scratch));
      if (text.empty() && rows_ > 0 && !index_.contains(member.key)) text = probe.fault(kAbsent);
      if (!text.empty()) return Fault{place, text};
    }
    for (const ColumnScan& column : columns_)
      if (!object.find(column.name()))
        if (std::string text = column.fault(kAbsent); !text.empty()) return Fault{place, text};
    return std::nullopt;
  }

  void column(const std::string& key) {
    if (!index_.emplace(key, columns_.size()).second) return;
    columns_.emplace_back(key, source_.rules_.type_of(key));
    if (rows_ > 0) columns_.back().add(kAbsent);
  }

  const Jsonl& source_;
  std::vector<ColumnScan> columns_;
  std::unordered_map<std::string, std::size_t> index_;
  std::int64_t rows_ = 0;
};

Jsonl::Jsonl(const Config& config)
    : rules_(config, kWhere), file_(config.path("path"), config.integer("max_unpacked_mb"), kWhere) {
  Scan scan(*this);
  BadRows bad(file_.path(), rules_);
  Lines lines(file_.text());
  for (Line line; lines.next(line);) {
    const bool well_formed = is_utf8(line.bytes);
    if (const std::optional<Fault> fault = scan.add(line)) {
      bad.add(fault->place, fault->text);
      continue;
    }
    if (!well_formed) bad.add_replaced();
    offsets_.push_back(line.begin);
  }
  bad.warn();
  if (offsets_.empty()) throw Error(kWhere, file_.path() + ": must have at least one row, has none");
  fields_ = scan.fields();
  for (const auto& [name, type] : rules_.types) require(fields_, name, kWhere);
}

Value Jsonl::parse(std::string_view line) const {
  if (rules_.replaces_ill_formed && !is_utf8(line)) return parse_json(replace_ill_formed(line), std::string(kName));
  return parse_json(line, std::string(kName));
}

Cell Jsonl::cell_of(const Value& value, std::string& scratch) const {
  if (value.is_null()) return {"", true, false};
  if (value.is_text()) return {value.text(), rules_.is_missing(value.text()), true};
  scratch = to_json(value);
  return {scratch, false, value.is_bool()};
}

Batch Jsonl::rows(std::span<const std::int64_t> numbers) const {
  Batch batch(std::vector<std::int64_t>(numbers.begin(), numbers.end()));
  std::vector<ColumnFill> columns;
  for (const Field& field : fields_) columns.emplace_back(field, batch.size());
  std::string scratch;
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const std::int64_t number = numbers[row];
    if (number < 0 || number >= size())
      throw Error(kWhere, "row must be in [0, " + std::to_string(size()) + "), got " + std::to_string(number));
    const Value object = parse(line_at(file_.text(), offsets_[number]));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Value* value = object.find(fields_[i].name);
      columns[i].set(row, value ? cell_of(*value, scratch) : Cell{"", true, false});
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) batch.set(fields_[i].name, columns[i].take());
  return batch;
}

}  // namespace graft::plugins
