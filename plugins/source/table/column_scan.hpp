// Cell, ColumnScan, ColumnFill: from the texts of one column to its field, and from cells to the column of a batch.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "graft/batch.hpp"
#include "graft/schema.hpp"
#include "table_rules.hpp"

namespace graft::plugins {

struct Cell {
  std::string_view text;
  bool missing = false;
  bool is_string = false;  // a JSON string: never a number, unless the column's type says so
};

// The value of a decimal number; spaces around it and a leading + are allowed. None when it is not one, or not finite.
std::optional<double> number_from(std::string_view text);
std::optional<std::int64_t> integer_from(std::string_view text);

// Sees every cell of a column once.
class ColumnScan {
 public:
  ColumnScan(std::string name, ColumnType type) : name_(std::move(name)), type_(type) {}

  const std::string& name() const { return name_; }
  std::string fault(const Cell& cell) const;  // "" or the rule of the column's type that the cell breaks, with its value
  void add(const Cell& cell);                 // a cell without fault
  Field field() const;

 private:
  void infer(const Cell& cell);

  std::string name_;
  ColumnType type_;
  bool all_numbers_ = true, all_integers_ = true, has_missing_ = false, has_value_ = false;
  std::set<std::string, std::less<>> classes_;
};

// Collects the cells of B rows into a column of the field's kind.
class ColumnFill {
 public:
  ColumnFill(const Field& field, std::int64_t rows);
  void set(std::int64_t row, const Cell& cell);
  Column take() { return std::move(column_); }

 private:
  const Field& field_;
  Column column_;
  double* numbers_ = nullptr;
  std::int64_t* integers_ = nullptr;
};

}  // namespace graft::plugins
