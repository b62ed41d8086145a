#include "graft/nn/virtual_tokens.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/repeat_interleave.h>

namespace graft::nn {
namespace {

// Where the entries of rows stand once each row has `count` more.
struct Places {
  Tensor own;    // [N] int64
  Tensor added;  // [B * count] int64
};

// `offsets` [B + 1] are those of the shorter rows, `n` entries together.
Places places_of(const Tensor& offsets, std::int64_t n, std::int64_t count, Side side) {
  const Tensor ends = offsets.to(at::kLong), first = ends.slice(0, 0, -1), lengths = ends.slice(0, 1).sub(first);
  const Tensor moved = at::arange(lengths.size(0), lengths.options()).mul(count);  // by the rows before
  const bool is_before = side == Side::kBefore;
  const Tensor own = at::arange(n, lengths.options()).add(at::repeat_interleave(moved, lengths, 0, n)).add(is_before ? count : 0);
  const Tensor start = first.add(moved), at = is_before ? start : start.add(lengths);
  return {own, at.unsqueeze(1).add(at::arange(count, at.options())).flatten()};
}

Tensor moved_by(const Tensor& offsets, std::int64_t count) {
  return offsets.add(at::arange(offsets.size(0), offsets.options()).mul(count));
}

}  // namespace

Ragged add_tokens(const Ragged& rows, const Tensor& tokens, Side side) {
  const std::int64_t count = tokens.size(0), n = rows.values.size(0), batch = rows.offsets.size(0) - 1;
  const Places places = places_of(rows.offsets, n, count, side);
  auto by_row = tokens.sizes().vec(), sizes = by_row;
  by_row.insert(by_row.begin(), batch);
  sizes[0] = n + batch * count;
  const Tensor added = tokens.to(rows.values.scalar_type()).unsqueeze(0).expand(by_row).flatten(0, 1);
  const Tensor values = rows.values.new_zeros(sizes).index_copy(0, places.own, rows.values).index_copy(0, places.added, added);
  return {values, moved_by(rows.offsets, count), batch == 0 ? 0 : rows.longest + count};
}

Ragged drop_tokens(const Ragged& rows, std::int64_t count, Side side) {
  const std::int64_t batch = rows.offsets.size(0) - 1;
  const Tensor offsets = moved_by(rows.offsets, -count);
  const Places places = places_of(offsets, rows.values.size(0) - batch * count, count, side);
  return {rows.values.index_select(0, places.own), offsets, batch == 0 ? 0 : rows.longest - count};
}

}  // namespace graft::nn
