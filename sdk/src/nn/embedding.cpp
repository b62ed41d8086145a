#include "graft/nn/embedding.hpp"

#include <ATen/ops/_sparse_coo_tensor_unsafe.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/embedding_dense_backward.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

#include "graft/error.hpp"
#include "graft/nn/init.hpp"
#include "graft/nn/token_embedding.hpp"
#include "graft/nn/virtual_tokens.hpp"

namespace graft::nn {
namespace {

void check_ids(const Tensor& ids, std::int64_t rows) {
  if (!ids.is_cpu()) return;
  const Tensor held = ids.contiguous();
  const std::int64_t* id = held.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0, n = held.numel(); i < n; ++i) {
    if (id[i] < 0 || id[i] >= rows) {
      throw Error("graft/nn", "ids must be in [0, " + std::to_string(rows) + "), got " + std::to_string(id[i]) + " at position " +
                                  std::to_string(i));
    }
  }
}

constexpr std::int64_t kSparseFrom = 1 << 20;  // elements of a table whose gradient is sparse on the CPU

struct Gather : torch::autograd::Function<Gather> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& weight, const Tensor& ids) {
    context->save_for_backward({ids});
    context->saved_data["rows"] = weight.size(0);
    return at::embedding(weight, ids);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const Tensor ids = context->get_saved_variables()[0];
    const std::int64_t rows = context->saved_data["rows"].toInt();
    if (at::GradMode::is_enabled()) return {at::embedding_dense_backward(gradients[0], ids, rows, -1, false), {}};
    return {at::_sparse_coo_tensor_unsafe(ids.unsqueeze(0), gradients[0], {rows, gradients[0].size(1)}), {}};
  }
};

}  // namespace

Embedding::Embedding(std::int64_t rows, std::int64_t width, Rng rng, double deviation) {
  weight = register_parameter("weight", at::empty({rows, width}, at::kFloat));
  normal_(weight, deviation, rng.fork("weight"));
}

Tensor Embedding::forward(const Tensor& given, const Call& call) const {
  const Tensor ids = before(given, call);
  check_ids(ids, weight.size(0));
  const bool is_sparse = weight.numel() >= kSparseFrom && weight.is_cpu();  // sorting the ids would make a GPU wait
  return after(is_sparse ? Gather::apply(weight, ids) : at::embedding(weight, ids), given, call);
}

Ragged TokenEmbedding::forward(const Ragged& ids, const Call& call) const {
  const Ragged rows = {forward(ids.values, call), ids.offsets, ids.longest};
  const std::vector<Tensor> extra = tokens(call);
  return extra.empty() ? rows : add_tokens(rows, extra.front());
}

std::int64_t TokenEmbedding::virtual_tokens(const Call& call) const {
  const std::vector<Tensor> extra = tokens(call);
  return extra.empty() ? 0 : extra.front().size(0);
}

}  // namespace graft::nn
