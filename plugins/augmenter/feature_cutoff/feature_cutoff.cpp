#include "feature_cutoff.hpp"

#include <ATen/Functions.h>

#include <vector>

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/feature_cutoff";

// [B, D]: 0 at the dimensions that go, else 1. Selection sampling, Knuth 3.4.2 S.
Tensor kept_dimensions(const std::vector<std::int64_t>& row_ids, std::int64_t width, double share, const Rng& rng) {
  Tensor kept = at::ones({std::ssize(row_ids), width}, at::kFloat);
  float* to = kept.mutable_data_ptr<float>();
  for (const std::int64_t id : row_ids) {
    Rng draws = rng.row(id);
    std::int64_t left = static_cast<std::int64_t>(share * static_cast<double>(width));
    for (std::int64_t d = 0; d < width; ++d, ++to)
      if (draws.below(width - d) < left) *to = 0, --left;
  }
  return kept;
}

}  // namespace

FeatureCutoff::FeatureCutoff(const Config& config)
    : column_(config.column("column")), share_(config.number("share")), point_(config.text("point"), kWhere) {}

Schema FeatureCutoff::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kTokens}, kWhere);
  return inputs;
}

Tap FeatureCutoff::augment(Batch& batch, Rng rng) const {
  const Ragged& tokens = batch.ragged(column_);
  const std::vector<std::int64_t> ids(batch.row_ids().begin(), batch.row_ids().end());
  return point_.tap([tokens, ids, share = share_, rng](const Tensor& value) {
    const Tensor kept = kept_dimensions(ids, value.size(1), share, rng).to(value.device(), value.scalar_type());
    return value.mul(spread_over_tokens(kept, tokens, value.size(0), kWhere));
  });
}

}  // namespace graft::plugins
