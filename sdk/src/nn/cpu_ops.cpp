#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <vector>

#include "cpu_attention.hpp"
#include "graft/rng.hpp"
#include "ops.hpp"
#include "stored_types.hpp"

namespace graft::nn {
namespace {

constexpr std::int64_t kRows = 64;  // whose sums are added up before those of other rows: the same bits for any thread count

template <class S>
S* data(Tensor& x) {
  return static_cast<S*>(x.mutable_data_ptr());
}
template <class S>
const S* data(const Tensor& x) {
  return static_cast<const S*>(x.const_data_ptr());
}

// each(group, first row, end) for groups of kRows rows.
template <class Each>
void for_groups(std::int64_t rows, const Each& each) {
  at::parallel_for(0, (rows + kRows - 1) / kRows, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t group = begin; group < end; ++group) each(group, group * kRows, std::min(rows, (group + 1) * kRows));
  });
}

Tensor dropout(const Tensor& x, const Mask& mask) {
  Tensor y = at::empty_like(x);
  constexpr std::int64_t kBlock = std::int64_t(1) << kDropoutBlockBits;
  const std::int64_t n = x.numel();
  by_type(x, [&](auto type) {
    using S = decltype(type);
    const S* from = data<S>(x);
    S* to = data<S>(y);
    at::parallel_for(0, (n + kBlock - 1) / kBlock, 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t block = begin; block < end; ++block) {
        const std::int64_t first = block * kBlock;
        kernels<S>().dropout(from + first, to + first, std::min(kBlock, n - first),
                             Rng::bits_at(mask.key, static_cast<std::uint64_t>(block)), mask.threshold,
                             static_cast<Number<S>>(mask.scale));
      }
    });
  });
  return y;
}

NormResult add_norm(const NormInputs& in) {
  const std::int64_t width = in.x.size(-1), rows = in.x.numel() / width;
  NormResult result{at::empty_like(in.x), at::empty_like(in.x), at::empty({rows}, number_options(in.x))};
  by_type(in.x, [&](auto type) {
    using S = decltype(type);
    using T = Number<S>;
    for_groups(rows, [&](std::int64_t, std::int64_t first, std::int64_t end) {
      std::vector<T> row(static_cast<std::size_t>(width));
      row_kernels<S>().add_norm(
          {data<S>(in.x), data<S>(in.residual), data<T>(in.weight), data<T>(in.bias), first, end, width, in.epsilon, in.mask},
          {data<S>(result.y), data<S>(result.normed), data<T>(result.rstd)}, row.data());
    });
  });
  return result;
}

NormSlopes add_norm_backward(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Mask& mask) {
  const std::int64_t width = dy.size(-1), rows = dy.numel() / width, groups = (rows + kRows - 1) / kRows;
  NormSlopes slopes{at::empty_like(dy), {}, {}, {}};
  slopes.dresidual = mask.threshold == 0 ? slopes.dx : at::empty_like(dy);
  Tensor sums = at::empty({2, groups, width}, number_options(dy));
  by_type(dy, [&](auto type) {
    using S = decltype(type);
    using T = Number<S>;
    for_groups(rows, [&](std::int64_t group, std::int64_t first, std::int64_t end) {
      std::vector<T> row(static_cast<std::size_t>(width));
      T* dweight = data<T>(sums) + group * width;
      row_kernels<S>().add_norm_backward({nullptr, nullptr, data<T>(weight), nullptr, first, end, width, 0, mask},
                                         {data<S>(dy), data<S>(kept.normed), data<T>(kept.rstd), data<S>(slopes.dx),
                                          data<S>(slopes.dresidual), dweight, dweight + groups * width},
                                         row.data());
    });
  });
  sums = sums.sum(1);
  slopes.dweight = sums.select(0, 0);
  slopes.dbias = sums.select(0, 1);
  return slopes;
}

Tensor gelu(Tensor& x, const Tensor& bias) {
  Tensor y = at::empty_like(x);
  const std::int64_t width = x.size(-1);
  by_type(x, [&](auto type) {
    using S = decltype(type);
    using T = Number<S>;
    for_groups(x.numel() / width, [&](std::int64_t, std::int64_t first, std::int64_t end) {
      row_kernels<S>().gelu(data<S>(x) + first * width, data<T>(bias), data<S>(y) + first * width, end - first, width);
    });
  });
  return y;
}

GeluSlopes gelu_backward(const Tensor& dy, const Tensor& h) {
  const std::int64_t width = h.size(-1), rows = h.numel() / width;
  GeluSlopes slopes{at::empty_like(h), {}};
  Tensor sums = at::empty({(rows + kRows - 1) / kRows, width}, number_options(h));
  by_type(h, [&](auto type) {
    using S = decltype(type);
    using T = Number<S>;
    for_groups(rows, [&](std::int64_t group, std::int64_t first, std::int64_t end) {
      row_kernels<S>().gelu_backward(data<S>(dy) + first * width, data<S>(h) + first * width, data<S>(slopes.dh) + first * width,
                                     data<T>(sums) + group * width, end - first, width);
    });
  });
  slopes.dbias = sums.sum(0);
  return slopes;
}

Tensor column_sums(const Tensor& x) {
  const std::int64_t width = x.size(-1), rows = x.numel() / width;
  Tensor sums = at::empty({(rows + kRows - 1) / kRows, width}, number_options(x));
  by_type(x, [&](auto type) {
    using S = decltype(type);
    for_groups(rows, [&](std::int64_t group, std::int64_t first, std::int64_t end) {
      row_kernels<S>().column_sums(data<S>(x) + first * width, data<Number<S>>(sums) + group * width, end - first, width);
    });
  });
  return sums.sum(0);
}

template <class S>
Scored<S> scored(const EntropyInputs& in, std::int64_t first, std::int64_t end) {
  return {data<S>(in.scores), in.targets.const_data_ptr<std::int64_t>(), first, end, in.scores.size(1), in.smoothing};
}

EntropyResult cross_entropy(const EntropyInputs& in) {
  const std::int64_t rows = in.scores.size(0);
  EntropyResult result{at::empty({rows}, number_options(in.scores)), at::empty({rows}, number_options(in.scores))};
  by_type(in.scores, [&](auto type) {
    using S = decltype(type);
    for_groups(rows, [&](std::int64_t, std::int64_t first, std::int64_t end) {
      row_kernels<S>().cross_entropy(scored<S>(in, first, end), data<Number<S>>(result.loss), data<Number<S>>(result.lse));
    });
  });
  return result;
}

Tensor cross_entropy_backward(const EntropyInputs& in, const Tensor& lse, const Tensor& dloss) {
  Tensor dscores = at::empty_like(in.scores);
  by_type(in.scores, [&](auto type) {
    using S = decltype(type);
    using T = Number<S>;
    for_groups(in.scores.size(0), [&](std::int64_t, std::int64_t first, std::int64_t end) {
      row_kernels<S>().cross_entropy_backward(scored<S>(in, first, end), data<T>(lse), data<T>(dloss), data<S>(dscores));
    });
  });
  return dscores;
}

}  // namespace

const Ops& cpu_ops() {
  static const Ops ops = {dropout,     add_norm,      add_norm_backward,      gelu,          gelu_backward,
                          column_sums, cross_entropy, cross_entropy_backward, cpu_attention, cpu_attention_backward};
  return ops;
}

}  // namespace graft::nn
