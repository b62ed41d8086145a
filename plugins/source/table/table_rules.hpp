// TableRules: the parameters that all table sources share.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graft/config.hpp"

namespace graft::plugins {

//   kInferred  over all cells: every cell a number -> number, every cell an integer and none missing -> integer, else text
//   kNumber    decimal, finite; missing is NaN
//   kInteger   int64; has no missing value
//   kText      missing is ""
//   kClass     classes are the sorted distinct texts of the file; missing is kMissingClass
enum class ColumnType { kInferred, kNumber, kInteger, kText, kClass };

struct TableRules {
  TableRules(const Config& config, std::string where);

  bool is_missing(std::string_view text) const;
  ColumnType type_of(const std::string& column) const;  // kInferred unless `types` says more

  std::string where;  // the component, for messages
  std::map<std::string, ColumnType> types;
  std::vector<std::string> missing;  // texts that count as missing
  bool drops_bad_rows = false;       // else a bad row is an error
  bool replaces_ill_formed = false;  // U+FFFD for bytes that are not UTF-8; else such a row is bad
};

}  // namespace graft::plugins
