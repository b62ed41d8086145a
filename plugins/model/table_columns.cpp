#include "table_columns.hpp"

#include <ATen/ops/stack.h>

namespace graft::plugins {

TableColumns table_columns(const Schema& schema, const std::vector<std::string>& columns, const char* where) {
  TableColumns table;
  for (const std::string& column : columns) {
    const Field& field =
        require(schema, column, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector, FieldKind::kClass}, where);
    if (field.kind != FieldKind::kClass) {
      table.numbers.push_back(column);
      continue;
    }
    table.categories.push_back(column);
    table.table_rows.push_back(static_cast<std::int64_t>(field.classes.size()) + 1);
  }
  return table;
}

Tensor category_rows(const Batch& batch, const std::vector<std::string>& categories) {
  std::vector<Tensor> rows;
  for (const std::string& column : categories) rows.push_back(batch.tensor(column).clamp_min(-1).add(1));
  return at::stack(rows, 1);
}

}  // namespace graft::plugins
