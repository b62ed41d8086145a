#include "csv.hpp"

#include <algorithm>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/csv";

std::string shown(const std::string& text) { return to_json(Value(text)); }

CsvFormat format_from(const Config& config) {
  const std::string delimiter = config.text("delimiter"), quote = config.text("quote");
  const auto is_one = [](const std::string& text) { return text.size() == 1 && text != "\n" && text != "\r" && text[0] > 0; };
  if (!is_one(delimiter)) throw Error(kWhere, "delimiter must be one ASCII character, got " + shown(delimiter));
  if (!quote.empty() && !is_one(quote)) throw Error(kWhere, "quote must be one ASCII character or \"\", got " + shown(quote));
  if (quote == delimiter) throw Error(kWhere, "quote and delimiter must differ, both are " + shown(quote));
  return {delimiter[0], quote.empty() ? std::nullopt : std::optional(quote[0])};
}

bool has_header(const Config& config) {
  const Value& header = config.value("header");
  return header.is_bool() ? header.flag() : !config.has("columns") || config.texts("columns").empty();
}

void check_names(const std::vector<std::string>& names, const std::string& place) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty())
      throw Error(kWhere, place + ": every column must have a name, column " + std::to_string(i + 1) + " has none");
    if (std::find(names.begin(), names.begin() + i, names[i]) != names.begin() + i)
      throw Error(kWhere, place + ": column names must differ, " + names[i] + " occurs twice");
  }
}

std::string count_fault(std::size_t expected, std::size_t got) {
  return std::to_string(expected) + (expected == 1 ? " column" : " columns") + " expected, got " + std::to_string(got);
}

}  // namespace

Csv::Csv(const Config& config)
    : rules_(config, kWhere),
      format_(format_from(config)),
      names_(config.texts("columns")),
      file_(config.path("path"), config.integer("max_unpacked_mb"), kWhere) {
  CsvReader reader(file_.text(), format_);
  const std::vector<std::string> names = header(reader, has_header(config));
  std::vector<ColumnScan> columns;
  for (const std::string& name : names) columns.emplace_back(name, rules_.type_of(name));
  scan(reader, columns);
  for (const ColumnScan& column : columns) fields_.push_back(column.field());
  for (const auto& [name, type] : rules_.types) require(fields_, name, kWhere);
}

std::vector<std::string> Csv::header(CsvReader& reader, bool has_header) const {
  if (!has_header && names_.empty()) throw Error(kWhere, "columns must name the columns of a file without header, got none");
  std::vector<std::string> names = names_;
  Record record;
  if (has_header) {
    if (!reader.next(record.raw)) throw Error(kWhere, file_.path() + ": must have a header, has only empty lines");
    const std::string place = file_.path() + ":" + std::to_string(reader.line());
    if (!reader.fault().empty()) throw Error(kWhere, place + ": " + reader.fault());
    if (!is_utf8(reader.record()) && !rules_.replaces_ill_formed) throw Error(kWhere, place + ": must be UTF-8, is not");
    if (!names_.empty() && names_.size() != record.raw.size())
      throw Error(kWhere, place + ": columns names " + count_fault(names_.size(), record.raw.size()));
    decode(record);
    if (names_.empty())
      for (const Cell& cell : record.cells) names.emplace_back(cell.text);
    check_names(names, place);
  }
  if (!has_header) check_names(names, "columns");
  return names;
}

void Csv::scan(CsvReader& reader, std::vector<ColumnScan>& columns) {
  Record record;
  BadRows bad(file_.path(), rules_);
  while (reader.next(record.raw)) {
    if (reader.is_unclosed()) throw Error(kWhere, file_.path() + ":" + std::to_string(reader.line()) + ": " + reader.fault());
    const bool well_formed = is_utf8(reader.record());
    if (reader.fault().empty() && record.raw.size() == columns.size()) decode(record);
    if (std::string text = fault(reader, record, well_formed, columns); !text.empty()) {
      bad.add(std::to_string(reader.line()), text);
      continue;
    }
    if (!well_formed) bad.add_replaced();
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].add(record.cells[i]);
    offsets_.push_back(reader.begin());
  }
  bad.warn();
  if (offsets_.empty()) throw Error(kWhere, file_.path() + ": must have at least one row, has none");
}

std::string Csv::fault(const CsvReader& reader, const Record& record, bool well_formed,
                       const std::vector<ColumnScan>& columns) const {
  if (!reader.fault().empty()) return reader.fault();
  if (reader.record().find('\0') != std::string_view::npos) return "must be text, holds a NUL byte";
  if (record.raw.size() != columns.size()) return count_fault(columns.size(), record.raw.size());
  if (!rules_.replaces_ill_formed && !well_formed)
    return "must be UTF-8, is not (encoding_errors: \"replace\" reads it with U+FFFD)";
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (std::string text = columns[i].fault(record.cells[i]); !text.empty()) return text;
  return "";
}

void Csv::decode(Record& record) const {
  record.cells.resize(record.raw.size());
  record.scratch.resize(record.raw.size());
  for (std::size_t i = 0; i < record.raw.size(); ++i) {
    std::string& scratch = record.scratch[i];
    std::string_view text = text_of(record.raw[i], format_, scratch);
    if (rules_.replaces_ill_formed && !is_utf8(text)) {
      scratch = replace_ill_formed(text);
      text = scratch;
    }
    record.cells[i] = {text, rules_.is_missing(text), false};
  }
}

Batch Csv::rows(std::span<const std::int64_t> numbers) const {
  Batch batch(std::vector<std::int64_t>(numbers.begin(), numbers.end()));
  std::vector<ColumnFill> columns;
  for (const Field& field : fields_) columns.emplace_back(field, batch.size());
  Record record;
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    const std::int64_t number = numbers[row];
    if (number < 0 || number >= size())
      throw Error(kWhere, "row must be in [0, " + std::to_string(size()) + "), got " + std::to_string(number));
    CsvReader reader(file_.text(), format_, offsets_[number]);
    reader.next(record.raw);
    decode(record);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].set(row, record.cells[i]);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) batch.set(fields_[i].name, columns[i].take());
  return batch;
}

}  // namespace graft::plugins
