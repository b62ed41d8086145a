#include <ATen/ops/empty.h>

#include <cmath>

#include "flash.hpp"
#include "graft/error.hpp"
#include "tensors.hpp"

namespace graft::nn::cuda {
namespace {

template <class S>
Heads<S> heads(const Tensor& x) {
  return {data<S>(x), x.stride(0), x.stride(1)};
}
template <class S>
Heads<const S> read_heads(const Tensor& x) {
  return {read<S>(x), x.stride(0), x.stride(1)};
}

template <class S>
Attention<S> attention_of(const AttentionInputs& in, const Tensor& offsets) {
  return {read_heads<S>(in.q),
          read_heads<S>(in.k),
          read_heads<S>(in.v),
          read<std::int32_t>(offsets),
          offsets.size(0) - 1,
          in.q.size(1),
          in.longest,
          static_cast<int>(in.q.size(2)),
          in.q.size(0) != in.k.size(0),
          in.is_causal,
          static_cast<float>(1.0 / std::sqrt(static_cast<double>(in.q.size(2)))),
          in.mask};
}

void check(const AttentionInputs& in) {
  if (in.q.size(2) <= kWidestHead) return;
  throw Error("graft/nn", "attention on CUDA needs a head size of at most " + std::to_string(kWidestHead) + ", got " +
                              std::to_string(in.q.size(2)));
}

}  // namespace

AttentionResult attention(const AttentionInputs& in) {
  check(in);
  if (flash_takes(in)) return flash_attention(in);
  const Tensor offsets = in.offsets.contiguous();
  const AttentionResult result{at::empty(in.q.sizes(), in.q.options()),
                               at::empty({in.q.size(0), in.q.size(1)}, number_options(in.q))};
  run(in.q, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    attention(attention_of<S>(in, offsets), heads<S>(result.out), heads<float>(result.lse), stream);
  });
  return result;
}

AttentionSlopes attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout) {
  if (flash_takes(in)) return flash_attention_backward(in, kept, dout);
  const auto like = [](const Tensor& x) { return at::empty(x.sizes(), x.options()); };
  const AttentionSlopes slopes{like(in.q), like(in.k), like(in.v)};
  const Tensor offsets = in.offsets.contiguous();
  const Tensor along = at::empty({in.q.size(0), in.q.size(1)}, number_options(in.q));
  run(in.q, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    attention_backward(attention_of<S>(in, offsets),
                       AttentionSlope<S>{read_heads<S>(kept.out), read_heads<S>(dout), read_heads<float>(kept.lse), in.q.size(0),
                                         data<float>(along), heads<S>(slopes.dq), heads<S>(slopes.dk), heads<S>(slopes.dv)},
                       stream);
  });
  return slopes;
}

}  // namespace graft::nn::cuda
