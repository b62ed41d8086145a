// Virtual tokens: the same entries put before or behind every row of ragged values, and entries taken off each row.
//
//   rows      values [N, ...], offsets [B + 1]
//   tokens    [P, ...], in any float type; they take that of the values
//   returns   rows of P entries more, or `count` fewer; an empty row gets them too
//   backward  a token's gradient is the sum over the rows, in their order: the same bits in every run on every device
//   device    that of the values; nothing waits for it
#pragma once

#include <cstdint>

#include "graft/columns.hpp"
#include "graft/export.hpp"

namespace graft::nn {

enum class Side { kBefore, kBehind };

GRAFT_API Ragged add_tokens(const Ragged& rows, const Tensor& tokens, Side side = Side::kBefore);
GRAFT_API Ragged drop_tokens(const Ragged& rows, std::int64_t count, Side side = Side::kBefore);  // every row has as many

}  // namespace graft::nn
