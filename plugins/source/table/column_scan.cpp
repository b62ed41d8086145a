#include "column_scan.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace graft::plugins {
namespace {

constexpr std::size_t kShown = 40;  // bytes of a bad cell that a message shows

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(' ') - begin + 1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

// from_chars also reads "inf" and "nan", which are words here.
bool starts_like_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && (text[0] == '.' || (text[0] >= '0' && text[0] <= '9'));
}

std::string shown(std::string_view text) {
  if (text.size() <= kShown) return std::string(text);
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::int64_t class_id(const Field& field, std::string_view text) {
  const auto at = std::lower_bound(field.classes.begin(), field.classes.end(), text);
  return at != field.classes.end() && *at == text ? at - field.classes.begin() : kMissingClass;
}

}  // namespace

std::optional<double> number_from(std::string_view text) {
  text = trimmed(text);
  if (!starts_like_number(text)) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    value = std::strtod(std::string(text).c_str(), nullptr);
  else if (error != std::errc{})
    return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> integer_from(std::string_view text) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string ColumnScan::fault(const Cell& cell) const {
  if (type_ == ColumnType::kNumber && !cell.missing && !number_from(cell.text))
    return name_ + " must be a finite number, got " + shown(cell.text);
  if (type_ != ColumnType::kInteger) return "";
  if (cell.missing) return name_ + " must be an integer, is missing (the type number allows missing values)";
  return integer_from(cell.text) ? "" : name_ + " must be an integer, got " + shown(cell.text);
}

void ColumnScan::add(const Cell& cell) {
  has_missing_ |= cell.missing;
  if (cell.missing) return;
  has_value_ = true;
  if (type_ == ColumnType::kInferred) infer(cell);
  if (type_ == ColumnType::kClass && !classes_.contains(cell.text)) classes_.emplace(cell.text);
}

void ColumnScan::infer(const Cell& cell) {
  if (cell.is_string) all_numbers_ = all_integers_ = false;
  if (all_integers_) all_integers_ = integer_from(cell.text).has_value();
  if (all_numbers_ && !all_integers_) all_numbers_ = number_from(cell.text).has_value();
}

Field ColumnScan::field() const {
  switch (type_) {
    case ColumnType::kNumber: return {name_, FieldKind::kNumber, {}, {}};
    case ColumnType::kInteger: return {name_, FieldKind::kInteger, {}, {}};
    case ColumnType::kText: return {name_, FieldKind::kText, {}, {}};
    case ColumnType::kClass: return {name_, FieldKind::kClass, {}, {classes_.begin(), classes_.end()}};
    case ColumnType::kInferred: break;
  }
  if (!has_value_ || !all_numbers_) return {name_, FieldKind::kText, {}, {}};
  return {name_, all_integers_ && !has_missing_ ? FieldKind::kInteger : FieldKind::kNumber, {}, {}};
}

ColumnFill::ColumnFill(const Field& field, std::int64_t rows) : field_(field) {
  if (field.kind == FieldKind::kText) {
    column_ = Strings(static_cast<std::size_t>(rows));
  } else if (field.kind == FieldKind::kNumber) {
    Tensor values = at::empty({rows}, at::kDouble);
    numbers_ = values.mutable_data_ptr<double>();
    column_ = std::move(values);
  } else {
    Tensor values = at::empty({rows}, at::kLong);
    integers_ = values.mutable_data_ptr<std::int64_t>();
    column_ = std::move(values);
  }
}

void ColumnFill::set(std::int64_t row, const Cell& cell) {
  if (numbers_)
    numbers_[row] = cell.missing ? std::numeric_limits<double>::quiet_NaN() : *number_from(cell.text);
  else if (field_.kind == FieldKind::kInteger)
    integers_[row] = *integer_from(cell.text);
  else if (integers_)
    integers_[row] = cell.missing ? kMissingClass : class_id(field_, cell.text);
  else if (!cell.missing)
    std::get<Strings>(column_)[static_cast<std::size_t>(row)] = cell.text;
}

}  // namespace graft::plugins
