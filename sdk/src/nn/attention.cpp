#include "graft/nn/attention.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <ATen/record_function.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <vector>

#include "graft/error.hpp"
#include "graft/rng.hpp"
#include "mask.hpp"

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

bool asks_first_only(const Tensor& q, const Tensor& k) { return q.size(0) != k.size(0); }

// The offsets on the CPU. throws when they do not cover the N tokens in rising order.
std::vector<std::int64_t> read_offsets(const Tensor& offsets, std::int64_t tokens) {
  const Tensor held = offsets.to(at::kCPU).contiguous();
  const std::int32_t* data = held.const_data_ptr<std::int32_t>();
  std::vector<std::int64_t> all(data, data + held.numel());
  bool rising = all.front() == 0 && all.back() == tokens;
  for (std::size_t i = 1; i < all.size(); ++i) rising = rising && all[i - 1] <= all[i];
  if (!rising)
    throw Error("graft/nn", "attention needs offsets that rise from 0 to the number of tokens, " + std::to_string(tokens));
  return all;
}

std::int64_t longest_of(const std::vector<std::int64_t>& offsets) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < offsets.size(); ++i) longest = std::max(longest, offsets[i] - offsets[i - 1]);
  return longest;
}

// What one task works on: head `head` of row `row`, whose tokens and queries start at these numbers.
struct Task {
  std::int64_t row, head, first, tokens, first_query, queries;
};

template <class T>
const T* place(const Tensor& x, std::int64_t first, std::int64_t head) {
  return x.const_data_ptr<T>() + first * x.stride(0) + head * x.stride(1);
}
template <class T>
T* place(Tensor& x, std::int64_t first, std::int64_t head) {
  return x.mutable_data_ptr<T>() + first * x.stride(0) + head * x.stride(1);
}

// The query of token n in head h draws from stream number n * H + h.
template <class T>
AttentionHead<T> head_of(const Tensor& q, const Tensor& k, const Tensor& v, const Task& task, Mask mask) {
  mask.first = static_cast<std::uint64_t>(task.first * q.size(1) + task.head);
  mask.step = static_cast<std::uint64_t>(q.size(1));
  return {place<T>(q, task.first_query, task.head),
          place<T>(k, task.first, task.head),
          place<T>(v, task.first, task.head),
          q.stride(0),
          k.stride(0),
          v.stride(0),
          task.tokens,
          task.queries,
          q.size(2),
          static_cast<T>(1.0 / std::sqrt(static_cast<double>(q.size(2)))),
          mask};
}

// Calls each(task, workspace) for every head of every row that has tokens. Rows differ in length, so threads take the next task
// when they are free; each task's arithmetic is its own, whoever runs it.
template <class T, class Each>
void for_heads(const std::vector<std::int64_t>& offsets, const Tensor& q, bool first_only, const Each& each) {
  const std::int64_t heads = q.size(1), tasks = static_cast<std::int64_t>(offsets.size() - 1) * heads;
  const std::int64_t needed = kernels<T>().workspace(longest_of(offsets), q.size(2));
  std::atomic<std::int64_t> next = 0;
  at::parallel_for(0, std::min<std::int64_t>(at::get_num_threads(), tasks), 1, [&](std::int64_t, std::int64_t) {
    std::vector<T> workspace(static_cast<std::size_t>(needed));
    for (std::int64_t i = next++; i < tasks; i = next++) {
      const std::int64_t row = i / heads, first = offsets[row], tokens = offsets[row + 1] - first;
      if (tokens == 0) continue;
      each(Task{row, i % heads, first, tokens, first_only ? row : first, first_only ? 1 : tokens}, workspace.data());
    }
  });
}

template <class T>
void run_forward(const Tensor& q, const Tensor& k, const Tensor& v, const std::vector<std::int64_t>& offsets, const Mask& mask,
                 Tensor& out, Tensor& lse) {
  for_heads<T>(offsets, q, asks_first_only(q, k), [&](const Task& task, T* workspace) {
    kernels<T>().attention(head_of<T>(q, k, v, task, mask), place<T>(out, task.first_query, task.head), out.stride(0),
                           place<T>(lse, task.first_query, task.head), lse.stride(0), workspace);
  });
}

template <class T>
void run_backward(const variable_list& saved, const std::vector<std::int64_t>& offsets, const Mask& mask, const Tensor& dout,
                  std::vector<Tensor>& results) {
  const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[4], &lse = saved[5];
  for_heads<T>(offsets, q, asks_first_only(q, k), [&](const Task& task, T* workspace) {
    const std::int64_t query = task.first_query, h = task.head;
    kernels<T>().attention_backward(
        head_of<T>(q, k, v, task, mask),
        {place<T>(out, query, h), place<T>(dout, query, h), out.stride(0), dout.stride(0), place<T>(lse, query, h), lse.stride(0),
         place<T>(results[0], query, h), place<T>(results[1], task.first, h), place<T>(results[2], task.first, h),
         results[0].stride(0)},
        workspace);
  });
}

Tensor close_packed(const Tensor& x) { return x.stride(2) == 1 ? x : x.contiguous(); }

struct Attention : torch::autograd::Function<Attention> {
  static Tensor forward(AutogradContext* context, const Tensor& q_given, const Tensor& k_given, const Tensor& v_given,
                        const Tensor& offsets, std::int64_t key, std::int64_t threshold, double scale) {
    const Tensor q = close_packed(q_given), k = close_packed(k_given), v = close_packed(v_given);
    const Mask mask{static_cast<std::uint64_t>(key), 0, 1, static_cast<std::uint32_t>(threshold), scale};
    const auto rows = read_offsets(offsets, k.size(0));
    Tensor out = at::zeros(q.sizes(), q.options());  // a row without tokens has a query when q is [B, H, d]
    Tensor lse = at::empty({q.size(0), q.size(1)}, q.options());
    if (q.scalar_type() == at::kFloat)
      run_forward<float>(q, k, v, rows, mask, out, lse);
    else
      run_forward<double>(q, k, v, rows, mask, out, lse);
    context->save_for_backward({q, k, v, offsets, out, lse});
    context->saved_data["key"] = key;
    context->saved_data["threshold"] = threshold;
    context->saved_data["scale"] = scale;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    if (at::GradMode::is_enabled()) throw Error("graft/nn", "attention has no second derivative: use attention_plain");
    const variable_list saved = context->get_saved_variables();
    const Tensor dout = close_packed(gradients[0]);
    const Mask mask{static_cast<std::uint64_t>(context->saved_data["key"].toInt()), 0, 1,
                    static_cast<std::uint32_t>(context->saved_data["threshold"].toInt()),
                    context->saved_data["scale"].toDouble()};
    const auto rows = read_offsets(saved[3], saved[1].size(0));
    std::vector<Tensor> results;
    for (int i = 0; i < 3; ++i) results.push_back(at::zeros(saved[i].sizes(), saved[i].options()));
    if (saved[0].scalar_type() == at::kFloat)
      run_backward<float>(saved, rows, mask, dout, results);
    else
      run_backward<double>(saved, rows, mask, dout, results);
    return {results[0], results[1], results[2], {}, {}, {}, {}};
  }
};

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

Tensor plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, const Mask& mask) {
  const auto rows = read_offsets(offsets, k.size(0));
  const bool first_only = asks_first_only(q, k);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q.size(2)));
  std::vector<Tensor> parts;
  for (std::size_t row = 0; row + 1 < rows.size(); ++row) {
    const std::int64_t first = rows[row], tokens = rows[row + 1] - first, queries = first_only ? 1 : tokens;
    const Tensor q_row =
        q.narrow(0, first_only ? static_cast<std::int64_t>(row) : first, queries).transpose(0, 1);  // [H, queries, d]
    const Tensor k_row = k.narrow(0, first, tokens).transpose(0, 1), v_row = v.narrow(0, first, tokens).transpose(0, 1);
    Tensor weights = at::softmax(at::matmul(q_row, k_row.transpose(1, 2)).mul(scale), -1);
    if (mask.threshold != 0) weights = weights.mul(mask_of_row(mask, first, queries, tokens, q.size(1), q.options()));
    parts.push_back(at::matmul(weights, v_row).transpose(0, 1));
  }
  return parts.empty() ? q.mul(0) : at::cat(parts);
}

}  // namespace

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, std::int64_t, double p_dropout,
                 const Call& call) {
  RECORD_FUNCTION("graft::attention", std::vector<c10::IValue>());
  check(q, k, v, offsets);
  const Mask mask = mask_of(p_dropout, call);
  if (!q.is_cpu() || (q.scalar_type() != at::kFloat && q.scalar_type() != at::kDouble)) return plain(q, k, v, offsets, mask);
  return Attention::apply(q, k, v, offsets, static_cast<std::int64_t>(mask.key), static_cast<std::int64_t>(mask.threshold),
                          mask.scale);
}

Tensor attention_plain(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& offsets, double p_dropout,
                       const Call& call) {
  check(q, k, v, offsets);
  return plain(q, k, v, offsets, mask_of(p_dropout, call));
}

}  // namespace graft::nn
