#include "graft/nn/self_attention.hpp"

#include <ATen/ops/zeros.h>

#include "graft/nn/attention.hpp"
#include "graft/nn/virtual_tokens.hpp"

namespace graft::nn {

SelfAttention::SelfAttention(std::int64_t width, std::int64_t heads, double p_dropout)
    : width_(width), heads_(heads), dropout_(p_dropout) {}

std::int64_t SelfAttention::virtual_tokens(const Call& call) const {
  const std::vector<Tensor> extra = tokens(call);
  return extra.empty() ? 0 : extra.front().size(0);
}

Tensor SelfAttention::forward(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, std::int64_t longest,
                              const Call& call) const {
  const auto attend = [&](const Tensor& asking, const Ragged& keys, const Tensor& values) {
    const auto by_head = [this](const Tensor& x) { return x.view({x.size(0), heads_, width_ / heads_}); };
    return attention(by_head(asking), by_head(keys.values), by_head(values), keys.offsets, keys.longest, dropout_, call)
        .view({asking.size(0), width_});
  };
  const Ragged own = {k, offsets, longest};
  const std::vector<Tensor> extra = tokens(call);
  if (extra.empty()) return attend(q, own, v);

  const Ragged keys = add_tokens(own, extra.at(0));
  const Tensor values = add_tokens({v, offsets, longest}, extra.at(1)).values;
  if (q.size(0) != k.size(0)) return attend(q, keys, values);
  // Queries of no token stand behind the row's own, so that a first token asks, and is dropped from, where it is without them.
  const std::int64_t count = extra.front().size(0);
  const Tensor asking = add_tokens({q, offsets, longest}, at::zeros({count, width_}, q.options()), Side::kBehind).values;
  return drop_tokens({attend(asking, keys, values), keys.offsets, keys.longest}, count, Side::kBehind).values;
}

}  // namespace graft::nn
