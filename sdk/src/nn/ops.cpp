#include "ops.hpp"

#include <atomic>

namespace graft::nn {
namespace {

std::atomic<const Ops*> cuda_ops = nullptr;

}  // namespace

void set_cuda_ops(const Ops* ops) { cuda_ops = ops; }

const Ops* ops_of(const Tensor& tensor) {
  const at::ScalarType type = tensor.scalar_type();
  if (type != at::kFloat && type != at::kDouble && type != at::kBFloat16) return nullptr;
  if (tensor.is_cpu()) return &cpu_ops();
  return tensor.is_cuda() && type != at::kDouble ? cuda_ops.load() : nullptr;
}

}  // namespace graft::nn
