// TableColumns: what mlp and ft_transformer read of a table: numbers side by side, and categories to look up.
//
//   numbers     number, integer and vector columns
//   categories  class columns; each has a table of classes + 1 rows: 0 for a missing class, c + 1 for class c
//   B rows      K categories
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/schema.hpp"

namespace graft::plugins {

struct TableColumns {
  std::vector<std::string> numbers, categories;  // each in the order of the config
  std::vector<std::int64_t> table_rows;          // [K]
};

// throws Error(where) when a column is absent or of another kind.
TableColumns table_columns(const Schema& schema, const std::vector<std::string>& columns, const char* where);

Tensor category_rows(const Batch& batch, const std::vector<std::string>& categories);  // [B, K] int64: rows of the tables

}  // namespace graft::plugins
