#include "graft/nn/attention.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>
#include <ATen/record_function.h>

#include <cmath>
#include <limits>
#include <vector>

#include "cpu_attention.hpp"
#include "graft/error.hpp"
#include "graft/rng.hpp"
#include "mask.hpp"
#include "ops.hpp"
#include "twin.hpp"

namespace graft::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets) {
  if (offsets.dim() != 1 || offsets.size(0) < 1 || offsets.scalar_type() != at::kInt) {
    throw Error("graft/nn", "attention needs offsets [B + 1] of type int32");
  }
  const bool one_shape =
      q.dim() == 3 && k.dim() == 3 && v.sizes() == k.sizes() && q.size(1) == k.size(1) && q.size(2) == k.size(2);
  if (!one_shape || (q.size(0) != k.size(0) && q.size(0) != offsets.size(0) - 1)) {
    throw Error("graft/nn", "attention needs k and v of one shape [N, H, d], and q of that shape or [B, H, d]");
  }
}

// [H, queries, L] the factors of one row's weights.
Tensor mask_of_row(const Mask& mask, std::int64_t first, std::int64_t queries, std::int64_t tokens, std::int64_t heads,
                   const at::TensorOptions& options) {
  Tensor factors = at::empty({heads, queries, tokens}, at::kDouble);
  double* out = factors.mutable_data_ptr<double>();
  for (std::int64_t h = 0; h < heads; ++h) {
    for (std::int64_t i = 0; i < queries; ++i) {
      const std::uint64_t key = Rng::bits_at(mask.key, static_cast<std::uint64_t>((first + i) * heads + h));
      for (std::int64_t j = 0; j < tokens; ++j) {
        *out++ = mask_bits(key, static_cast<std::uint32_t>(j)) >= mask.threshold ? mask.scale : 0.0;
      }
    }
  }
  return factors.to(options);
}

// [queries, L] 0 where a query sees the key, minus infinity elsewhere.
Tensor causal_bias(std::int64_t queries, std::int64_t tokens, const at::TensorOptions& options) {
  return at::full({queries, tokens}, -std::numeric_limits<double>::infinity(), options).triu(1);
}

Tensor plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, const Mask& mask, bool is_causal) {
  const auto rows = read_offsets(offsets, k.size(0));
  const bool first_only = asks_first_only(q, k);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(2)));
  std::vector<Tensor> parts;
  for (std::size_t row = 0; row + 1 < rows.size(); ++row) {
    const std::int64_t first = rows[row], tokens = rows[row + 1] - first, queries = first_only ? 1 : tokens;
    const Tensor q_row =
        q.narrow(0, first_only ? static_cast<std::int64_t>(row) : first, queries).transpose(0, 1);  // [H, queries, d]
    const Tensor k_row = k.narrow(0, first, tokens).transpose(0, 1), v_row = v.narrow(0, first, tokens).transpose(0, 1);
    Tensor scores = at::matmul(q_row, k_row.transpose(1, 2)).mul(scale);
    if (is_causal) scores = scores.add(causal_bias(queries, tokens, scores.options()));
    Tensor weights = at::softmax(scores, -1);
    if (mask.threshold != 0) weights = weights.mul(mask_of_row(mask, first, queries, tokens, q.size(1), q.options()));
    parts.push_back(at::matmul(weights, v_row).transpose(0, 1));
  }
  return parts.empty() ? q.mul(0) : at::cat(parts);
}

Tensor close_packed(const Tensor& x) { return x.stride(2) == 1 ? x : x.contiguous(); }

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(AutogradContext* context, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets,
                        std::int64_t longest, const Mask* mask, bool is_causal) {
    const AttentionInputs in{close_packed(q), close_packed(k), close_packed(v), offsets, longest, *mask, is_causal};
    const AttentionResult result = ops_of(q)->attention(in);
    context->save_for_backward({q, k, v, offsets, result.out, result.lse});
    keep(*context, *mask);
    context->saved_data["longest"] = longest;
    context->saved_data["is_causal"] = is_causal;
    return result.out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Mask mask = kept_mask(*context);
    const bool is_causal = context->saved_data["is_causal"].toBool();
    if (at::GradMode::is_enabled()) {
      variable_list slopes = twin_gradients({saved[0], saved[1], saved[2]}, gradients[0],
                                            [&] { return plain(saved[0], saved[1], saved[2], saved[3], mask, is_causal); });
      slopes.resize(7);
      return slopes;
    }
    const AttentionInputs in{close_packed(saved[0]),
                             close_packed(saved[1]),
                             close_packed(saved[2]),
                             saved[3],
                             context->saved_data["longest"].toInt(),
                             mask,
                             is_causal};
    const AttentionSlopes slopes = ops_of(saved[0])->attention_backward(in, {saved[4], saved[5]}, close_packed(gradients[0]));
    return {slopes.dq, slopes.dk, slopes.dv, {}, {}, {}, {}};
  }
};

}  // namespace

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, std::int64_t longest, double p_dropout,
                 const Call& call, bool is_causal) {
  RECORD_FUNCTION("graft::attention", std::vector<c10::IValue>());
  check(q, k, v, offsets);
  const Mask mask = mask_of(p_dropout, call);
  if (!ops_of(q)) return plain(q, k, v, offsets, mask, is_causal);
  return Attention::apply(q, k, v, offsets, longest, &mask, is_causal);
}

Tensor attention_plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, double p_dropout,
                       const Call& call, bool is_causal) {
  check(q, k, v, offsets);
  return plain(q, k, v, offsets, mask_of(p_dropout, call), is_causal);
}

}  // namespace graft::nn
