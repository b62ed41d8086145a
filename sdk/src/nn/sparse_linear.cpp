#include "graft/nn/sparse_linear.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "graft/error.hpp"

namespace graft::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct View {  // of SparseRows whose values are float, on the CPU
  const std::int32_t *ids, *offsets;
  const float* values;
  std::int64_t rows;
};

View view_of(const Tensor& ids, const Tensor& values, const Tensor& offsets) {
  return {ids.const_data_ptr<std::int32_t>(), offsets.const_data_ptr<std::int32_t>(), values.const_data_ptr<float>(),
          offsets.size(0) - 1};
}

void check_columns(const Tensor& ids, std::int64_t width) {
  const std::int32_t* id = ids.const_data_ptr<std::int32_t>();
  for (std::int64_t i = 0, n = ids.numel(); i < n; ++i) {
    if (id[i] >= 0 && id[i] < width) continue;
    throw Error("graft/nn", "sparse ids must be in [0, " + std::to_string(width) + "), got " + std::to_string(id[i]));
  }
}

// Weights and results are of one type, float or, for solvers, double.
template <class Number>
Tensor gather_sum(const View& x, const Tensor& weight) {
  const std::int64_t out = weight.size(0), width = weight.size(1);
  Tensor y = at::empty({x.rows, out}, weight.options());
  const auto* w = weight.const_data_ptr<Number>();
  auto* to = y.mutable_data_ptr<Number>();
  at::parallel_for(0, x.rows, 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t o = 0; o < out; ++o) {
        Number sum = 0;
        for (std::int32_t i = x.offsets[row]; i < x.offsets[row + 1]; ++i) sum += x.values[i] * w[o * width + x.ids[i]];
        to[row * out + o] = sum;
      }
    }
  });
  return y;
}

template <class Number>
Tensor scatter_sum(const View& x, const Tensor& dy, std::int64_t width) {
  const std::int64_t out = dy.size(1);
  Tensor dw = at::zeros({out, width}, dy.options());
  const auto* from = dy.const_data_ptr<Number>();
  auto* to = dw.mutable_data_ptr<Number>();
  at::parallel_for(0, out, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o)
      for (std::int64_t row = 0; row < x.rows; ++row)
        for (std::int32_t i = x.offsets[row]; i < x.offsets[row + 1]; ++i)
          to[o * width + x.ids[i]] += x.values[i] * from[row * out + o];
  });
  return dw;
}

struct SparseLinear : torch::autograd::Function<SparseLinear> {
  static Tensor forward(AutogradContext* context, const Tensor& weight, const Tensor& ids, const Tensor& values,
                        const Tensor& offsets) {
    context->save_for_backward({ids, values, offsets});
    context->saved_data["width"] = weight.size(1);
    const View x = view_of(ids, values, offsets);
    const bool is_double = weight.scalar_type() == at::kDouble;
    return is_double ? gather_sum<double>(x, weight.contiguous()) : gather_sum<float>(x, weight.contiguous());
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    if (at::GradMode::is_enabled()) throw Error("graft/nn", "sparse_linear has no second derivative");
    const variable_list saved = context->get_saved_variables();
    const Tensor dy = gradients[0].contiguous();
    const View x = view_of(saved[0], saved[1], saved[2]);
    const std::int64_t width = context->saved_data["width"].toInt();
    return {dy.scalar_type() == at::kDouble ? scatter_sum<double>(x, dy, width) : scatter_sum<float>(x, dy, width), {}, {}, {}};
  }
};

// On other devices, from LibTorch's own operations.
Tensor gathered(const SparseRows& x, const Tensor& weight) {
  const Tensor lengths = x.offsets.slice(0, 1).sub(x.offsets.slice(0, 0, -1)).to(at::kLong);
  const Tensor row = at::repeat_interleave(lengths, std::optional<std::int64_t>(x.ids.numel()));
  const Tensor picked = weight.t().index_select(0, x.ids.to(at::kLong)).mul(x.values.to(weight.scalar_type()).unsqueeze(1));
  return at::zeros({lengths.size(0), weight.size(0)}, weight.options()).index_add(0, row, picked);
}

}  // namespace

Tensor sparse_linear(const SparseRows& x, const Tensor& weight, const Tensor& bias) {
  if (weight.dim() != 2 || weight.size(1) != x.width) {
    throw Error("graft/nn",
                "sparse_linear needs a weight of width " + std::to_string(x.width) + ", got " + std::to_string(weight.size(-1)));
  }
  Tensor y;
  if (weight.is_cpu() && (weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kDouble)) {
    const Tensor ids = x.ids.to(at::kInt).contiguous();
    check_columns(ids, x.width);
    y = SparseLinear::apply(weight, ids, x.values.to(at::kFloat).contiguous(), x.offsets.contiguous());
  } else {
    y = gathered(x, weight);
  }
  return bias.defined() ? y.add(bias) : y;
}

}  // namespace graft::nn
