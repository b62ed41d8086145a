// BadRows: what becomes of rows that cannot be read: an error at the first, or a warning with their number at the end.
#pragma once

#include <cstdint>
#include <string>

#include "table_rules.hpp"

namespace graft::plugins {

class BadRows {
 public:
  BadRows(std::string path, const TableRules& rules) : path_(std::move(path)), rules_(rules) {}

  // `place` is the line, or line:column. throws Error(where, "path:place: text") unless bad rows are dropped.
  void add(const std::string& place, const std::string& text);
  void add_replaced() { ++replaced_; }  // a row kept with U+FFFD in it
  void warn() const;                    // after the last row; nothing when all were good

 private:
  std::string path_;
  const TableRules& rules_;
  std::string first_;
  std::int64_t dropped_ = 0, replaced_ = 0;
};

}  // namespace graft::plugins
