#include "span_cutoff.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <vector>

namespace graft::plugins {

SpanCutoff::SpanCutoff(const Config& config)
    : column_(config.column("column")), share_(config.number("share")), keep_ends_(config.flag("keep_ends")) {
  if (config.has("mask_id")) mask_id_ = config.integer("mask_id");
}

Schema SpanCutoff::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kTokens}, "graft/span_cutoff");
  return inputs;
}

SpanCutoff::Span SpanCutoff::drawn(std::int64_t begin, std::int64_t end, Rng& draws) const {
  const std::int64_t first = keep_ends_ ? begin + 1 : begin, count = keep_ends_ ? end - begin - 2 : end - begin;
  if (count < 1 || share_ == 0) return {begin, 0};
  const std::int64_t most = keep_ends_ ? count : count - 1;  // a row without ends keeps a token
  const std::int64_t length =
      std::min(most, std::max<std::int64_t>(1, static_cast<std::int64_t>(share_ * static_cast<double>(count))));
  return {first + draws.below(count - length + 1), length};
}

Tap SpanCutoff::augment(Batch& batch, Rng rng) const {
  const Ragged& given = batch.ragged(column_);
  const std::int64_t* ids = given.values.const_data_ptr<std::int64_t>();
  const std::int32_t* offsets = given.offsets.const_data_ptr<std::int32_t>();
  std::vector<std::int64_t> kept, lengths;
  kept.reserve(static_cast<std::size_t>(given.values.numel()));
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    const std::int64_t begin = offsets[row], end = offsets[row + 1];
    const Span span = drawn(begin, end, draws);
    kept.insert(kept.end(), ids + begin, ids + span.begin);
    if (mask_id_) kept.insert(kept.end(), static_cast<std::size_t>(span.length), *mask_id_);
    kept.insert(kept.end(), ids + span.begin + span.length, ids + end);
    lengths.push_back(mask_id_ ? end - begin : end - begin - span.length);
  }
  batch.set(column_, ragged_of(at::tensor(kept, at::kLong), lengths));
  return {};
}

}  // namespace graft::plugins
