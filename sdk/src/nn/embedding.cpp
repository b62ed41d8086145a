#include "graft/nn/embedding.hpp"

#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>

#include "graft/error.hpp"
#include "graft/nn/init.hpp"

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

}  // namespace

Embedding::Embedding(std::int64_t rows, std::int64_t width, Rng rng, double deviation) {
  weight = register_parameter("weight", at::empty({rows, width}, at::kFloat));
  normal_(weight, deviation, rng.fork("weight"));
}

Tensor Embedding::forward(const Tensor& ids, const Call&) const {
  check_ids(ids, weight.size(0));
  return at::embedding(weight, ids);
}

}  // namespace graft::nn
