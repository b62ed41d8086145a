// What libgraft.so calls when it has opened this library.
#include "tensors.hpp"

extern "C" GRAFT_API void graft_cuda_open() {
  using namespace graft::nn;
  static const Ops ops = {cuda::dropout,       cuda::add_norm,          cuda::add_norm_backward, cuda::gelu,
                          cuda::gelu_backward, cuda::column_sums,       cuda::cross_entropy,     cuda::cross_entropy_backward,
                          cuda::attention,     cuda::attention_backward};
  set_cuda_ops(&ops);
}
