// The four forms that a column of a batch can have: Tensor, Ragged, SparseRows, Strings. All have one entry a row.
//
//   B rows in a batch   N tokens in a packed batch
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/tensor.hpp"

namespace graft {

using Strings = std::vector<std::string>;  // [B] UTF-8

// Rows of unequal length laid end to end; row i is values[offsets[i] .. offsets[i + 1]).
struct Ragged {
  Tensor values;             // [N, ...]  on the run's device
  Tensor offsets;            // [B + 1]   int32, on the run's device: what varlen kernels take
  std::int64_t longest = 0;  // entries in the longest row, known on the CPU: no launch waits for it
};

// Rows with few non-zeros (TF-IDF, one-hot): row i has ids[offsets[i] .. offsets[i + 1]) of `width` columns, in rising order.
struct SparseRows {
  Tensor ids;              // [nnz]    int32
  Tensor values;           // [nnz]    float
  Tensor offsets;          // [B + 1]  int32
  std::int64_t width = 0;  // columns
};

}  // namespace graft
