#include "token_mask.hpp"

namespace graft::plugins {

TokenMask::TokenMask(const Config& config)
    : column_(config.column("column")),
      mask_id_(config.integer("mask_id")),
      probability_(config.number("probability")),
      keep_ends_(config.flag("keep_ends")) {}

Schema TokenMask::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kTokens}, "graft/token_mask");
  return inputs;
}

Tap TokenMask::augment(Batch& batch, Rng rng) const {
  Ragged tokens = batch.ragged(column_);
  tokens.values = tokens.values.clone();
  std::int64_t* ids = tokens.values.mutable_data_ptr<std::int64_t>();
  const std::int32_t* offsets = tokens.offsets.const_data_ptr<std::int32_t>();
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    const std::int32_t begin = offsets[row], end = offsets[row + 1];
    for (std::int32_t at = begin; at < end; ++at) {
      const bool is_end = at == begin || at + 1 == end;
      if (draws.uniform() < probability_ && !(keep_ends_ && is_end)) ids[at] = mask_id_;
    }
  }
  batch.set(column_, std::move(tokens));
  return {};
}

}  // namespace graft::plugins
