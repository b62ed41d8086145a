// Columns: several columns side by side as one matrix, for models that take a row of numbers.
//
//   B rows in a batch   D width
//   kinds    number and integer (width 1 each) and vector; where sparse rows are wanted also sparse
//   errors   Error(where) when a column is absent or of another kind; when a number is missing (NaN): says column and row
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graft/batch.hpp"
#include "graft/export.hpp"

namespace graft::nn {

// D, or -1 when the width of a column is not known yet.
GRAFT_API std::int64_t width_of(const Schema& schema, const std::vector<std::string>& columns, std::string_view where);

// The same with sparse columns among them.
GRAFT_API std::int64_t sparse_width_of(const Schema& schema, const std::vector<std::string>& columns, std::string_view where);

GRAFT_API Tensor side_by_side(const Batch& batch, const std::vector<std::string>& columns,
                              std::string_view where);  // [B, D] float

// Sparse and other columns side by side as rows of width D; of a dense column all numbers but 0 are kept.
GRAFT_API SparseRows sparse_side_by_side(const Batch& batch, const std::vector<std::string>& columns, std::string_view where);

}  // namespace graft::nn
