#include "cpu_attention.hpp"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>

#include "graft/error.hpp"
#include "stored_types.hpp"

namespace graft::nn {
namespace {

std::int64_t longest_of(const std::vector<std::int64_t>& offsets) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < offsets.size(); ++i) longest = std::max(longest, offsets[i] - offsets[i - 1]);
  return longest;
}

// What one task works on: head `head` of row `row`, whose tokens and queries start at these numbers.
struct Task {
  std::int64_t row, head, first, tokens, first_query, queries;
};

template <class S>
const S* place(const Tensor& x, std::int64_t first, std::int64_t head) {
  return static_cast<const S*>(x.const_data_ptr()) + first * x.stride(0) + head * x.stride(1);
}
template <class S>
S* place(Tensor& x, std::int64_t first, std::int64_t head) {
  return static_cast<S*>(x.mutable_data_ptr()) + first * x.stride(0) + head * x.stride(1);
}

// The query of token n in head h draws from stream number n * H + h.
template <class S>
AttentionHead<S> head_of(const AttentionInputs& in, const Task& task) {
  Mask mask = in.mask;
  mask.first = static_cast<std::uint64_t>(task.first * in.q.size(1) + task.head);
  mask.step = static_cast<std::uint64_t>(in.q.size(1));
  return {place<S>(in.q, task.first_query, task.head),
          place<S>(in.k, task.first, task.head),
          place<S>(in.v, task.first, task.head),
          in.q.stride(0),
          in.k.stride(0),
          in.v.stride(0),
          task.tokens,
          task.queries,
          in.q.size(2),
          static_cast<Number<S>>(1.0 / std::sqrt(static_cast<double>(in.q.size(2)))),
          mask,
          in.is_causal};
}

// Calls each(task, workspace) for every head of every row that has tokens. Rows differ in length, so threads take the next task
// when they are free; each task's arithmetic is its own, whoever runs it.
template <class S, class Each>
void for_heads(const AttentionInputs& in, const Each& each) {
  const std::vector<std::int64_t> offsets = read_offsets(in.offsets, in.k.size(0));
  const bool first_only = asks_first_only(in.q, in.k);
  const std::int64_t heads = in.q.size(1), tasks = static_cast<std::int64_t>(offsets.size() - 1) * heads;
  const std::int64_t needed = kernels<S>().workspace(longest_of(offsets), in.q.size(2));
  std::atomic<std::int64_t> next = 0;
  at::parallel_for(0, std::min<std::int64_t>(at::get_num_threads(), tasks), 1, [&](std::int64_t, std::int64_t) {
    std::vector<Number<S>> workspace(static_cast<std::size_t>(needed));
    for (std::int64_t i = next++; i < tasks; i = next++) {
      const std::int64_t row = i / heads, first = offsets[row], tokens = offsets[row + 1] - first;
      if (tokens == 0) continue;
      each(Task{row, i % heads, first, tokens, first_only ? row : first, first_only ? 1 : tokens}, workspace.data());
    }
  });
}

template <class S>
void run_forward(const AttentionInputs& in, AttentionResult& result) {
  for_heads<S>(in, [&](const Task& task, Number<S>* workspace) {
    kernels<S>().attention(head_of<S>(in, task), place<S>(result.out, task.first_query, task.head), result.out.stride(0),
                           place<Number<S>>(result.lse, task.first_query, task.head), result.lse.stride(0), workspace);
  });
}

template <class S>
void run_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout, AttentionSlopes& slopes) {
  for_heads<S>(in, [&](const Task& task, Number<S>* workspace) {
    const std::int64_t query = task.first_query, h = task.head;
    kernels<S>().attention_backward(head_of<S>(in, task),
                                    {place<S>(dout, query, h), dout.stride(0), place<Number<S>>(kept.lse, query, h),
                                     kept.lse.stride(0), place<S>(slopes.dq, query, h), place<S>(slopes.dk, task.first, h),
                                     place<S>(slopes.dv, task.first, h), slopes.dq.stride(0)},
                                    workspace);
  });
}

}  // namespace

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

AttentionResult cpu_attention(const AttentionInputs& in) {
  const Tensor& q = in.q;
  // A row without tokens has a query when q is [B, H, d], and no task writes its result.
  AttentionResult result{asks_first_only(q, in.k) ? at::zeros(q.sizes(), q.options()) : at::empty(q.sizes(), q.options()),
                         at::empty({q.size(0), q.size(1)}, number_options(q))};
  by_type(q, [&](auto type) { run_forward<decltype(type)>(in, result); });
  return result;
}

AttentionSlopes cpu_attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout) {
  const auto like = [&](const Tensor& x) {
    return asks_first_only(in.q, in.k) ? at::zeros(x.sizes(), x.options()) : at::empty(x.sizes(), x.options());
  };
  AttentionSlopes slopes{like(in.q), like(in.k), like(in.v)};
  by_type(in.q, [&](auto type) { run_backward<decltype(type)>(in, kept, dout, slopes); });
  return slopes;
}

}  // namespace graft::nn
