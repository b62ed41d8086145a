#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include "tensors.hpp"

namespace graft::nn::cuda {

Tensor dropout(const Tensor& x, const Mask& mask) {
  Tensor y = at::empty_like(x);
  run(x, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    dropout(read<S>(x), data<S>(y), x.numel(), mask, stream);
  });
  return y;
}

NormResult add_norm(const NormInputs& in) {
  const std::int64_t width = in.x.size(-1), rows = in.x.numel() / width;
  const Tensor weight = numbers(in.weight), bias = numbers(in.bias);
  NormResult result{at::empty_like(in.x), at::empty_like(in.x), at::empty({rows}, number_options(in.x))};
  run(in.x, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    add_norm(Norm<S>{read<S>(in.x), read<S>(in.residual), read<float>(weight), read<float>(bias), data<S>(result.y),
                     data<S>(result.normed), data<float>(result.rstd), rows, width, static_cast<float>(in.epsilon), in.mask},
             stream);
  });
  return result;
}

NormSlopes add_norm_backward(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Mask& mask) {
  const std::int64_t width = dy.size(-1), rows = dy.numel() / width;
  NormSlopes slopes{at::empty_like(dy), {}, {}, {}};
  slopes.dresidual = mask.threshold == 0 ? slopes.dx : at::empty_like(dy);
  const Tensor number_weight = numbers(weight), sums = at::empty({2, width}, number_options(dy));
  const Tensor partial = at::empty({2, groups_of(rows), width}, number_options(dy));
  run(dy, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    add_norm_backward(
        NormSlope<S>{read<S>(dy), read<S>(kept.normed), read<float>(kept.rstd), read<float>(number_weight), data<S>(slopes.dx),
                     data<S>(slopes.dresidual), data<float>(partial), data<float>(sums), rows, width, mask},
        stream);
  });
  slopes.dweight = sums.select(0, 0);
  slopes.dbias = sums.select(0, 1);
  return slopes;
}

Tensor gelu(Tensor& x, const Tensor& bias) {
  Tensor y = at::empty_like(x);
  const std::int64_t width = x.size(-1);
  const Tensor number_bias = numbers(bias);
  run(x, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    gelu(data<S>(x), read<float>(number_bias), data<S>(y), x.numel() / width, width, stream);
  });
  return y;
}

GeluSlopes gelu_backward(const Tensor& dy, const Tensor& h) {
  const std::int64_t width = h.size(-1), rows = h.numel() / width;
  GeluSlopes slopes{at::empty_like(h), at::empty({width}, number_options(h))};
  const Tensor partial = at::empty({groups_of(rows), width}, number_options(h));
  run(h, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    gelu_backward(
        GeluSlope<S>{read<S>(dy), read<S>(h), data<S>(slopes.dh), data<float>(partial), data<float>(slopes.dbias), rows, width},
        stream);
  });
  return slopes;
}

Tensor column_sums(const Tensor& x) { return x.reshape({-1, x.size(-1)}).sum(0, false, at::kFloat); }

template <class S>
static Entropy<S> entropy_of(const EntropyInputs& in) {
  return {read<S>(in.scores), read<std::int64_t>(in.targets), in.scores.size(0), in.scores.size(1), in.smoothing};
}

EntropyResult cross_entropy(const EntropyInputs& in) {
  const std::int64_t rows = in.scores.size(0);
  EntropyResult result{at::empty({rows}, number_options(in.scores)), at::empty({rows}, number_options(in.scores))};
  run(in.scores, [&](auto type, cudaStream_t stream) {
    cross_entropy(entropy_of<decltype(type)>(in), data<float>(result.loss), data<float>(result.lse), stream);
  });
  return result;
}

Tensor cross_entropy_backward(const EntropyInputs& in, const Tensor& lse, const Tensor& dloss) {
  Tensor dscores = at::empty_like(in.scores);
  const Tensor number_dloss = numbers(dloss);
  run(in.scores, [&](auto type, cudaStream_t stream) {
    using S = decltype(type);
    cross_entropy_backward(entropy_of<S>(in), read<float>(lse), read<float>(number_dloss), data<S>(dscores), stream);
  });
  return dscores;
}

}  // namespace graft::nn::cuda
