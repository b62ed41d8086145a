#include "bert_pooling.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/segment_reduce.h>

#include <iterator>

namespace graft::plugins {
namespace {

constexpr const char* kPoolings[] = {"pooler", "cls", "mean", "max", "mean_sqrt_len", "weightedmean", "lasttoken"};

Tensor reduced(const Tensor& hidden, const char* how, const Tensor& offsets) {
  return at::segment_reduce(hidden, how, {}, {}, offsets, 0, /*unsafe=*/true);
}

Tensor lengths_of(const Tensor& offsets) { return offsets.slice(0, 1).sub(offsets.slice(0, 0, -1)); }

// In float at least: the number of a token in a long row is no bfloat16.
Tensor weighted_mean(const Tensor& hidden, const BertPlaces& places, const Tensor& offsets) {
  const std::int64_t n = hidden.size(0);
  const Tensor starts = at::repeat_interleave(places.first, lengths_of(offsets), 0, n);
  const Tensor order = at::arange(1, n + 1, starts.options()).sub(starts).unsqueeze(1).to(at::kFloat);
  return reduced(hidden.mul(order), "sum", offsets).div(reduced(order, "sum", offsets)).to(hidden.scalar_type());
}

}  // namespace

BertPooling bert_pooling(const std::string& name) {
  std::size_t number = 0;
  while (number + 1 < std::size(kPoolings) && name != kPoolings[number]) ++number;
  return static_cast<BertPooling>(number);
}

bool reads_first_only(BertPooling pooling) { return pooling == BertPooling::kPooler || pooling == BertPooling::kCls; }

Tensor pool_tokens(const Tensor& hidden, const BertPlaces& places, BertPooling pooling) {
  const Tensor offsets = places.offsets.to(at::kLong);
  switch (pooling) {
    case BertPooling::kPooler:
    case BertPooling::kCls: return hidden.index_select(0, places.first);
    case BertPooling::kMean: return reduced(hidden, "mean", offsets);
    case BertPooling::kMax: return reduced(hidden, "max", offsets);
    case BertPooling::kMeanSqrtLen:
      return reduced(hidden, "mean", offsets).mul(lengths_of(offsets).unsqueeze(1).to(hidden.scalar_type()).sqrt());
    case BertPooling::kWeightedMean: return weighted_mean(hidden, places, offsets);
    case BertPooling::kLastToken: return hidden.index_select(0, offsets.slice(0, 1).sub(1));
  }
  return {};
}

}  // namespace graft::plugins
