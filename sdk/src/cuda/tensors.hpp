// Tensors: what the tensors' side of all CUDA operations shares: raw pointers, types, the stream and the check of a launch.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "../nn/ops.hpp"
#include "launch.hpp"

namespace graft::nn::cuda {

template <class S>
S* data(const Tensor& x) {
  return static_cast<S*>(x.mutable_data_ptr());
}
template <class S>
const S* read(const Tensor& x) {
  return static_cast<const S*>(x.const_data_ptr());
}

// Parameters and statistics: float, whatever lies in x.
inline Tensor numbers(const Tensor& x) { return x.to(at::kFloat).contiguous(); }
inline at::TensorOptions number_options(const Tensor& x) { return x.options().dtype(at::kFloat); }

// Calls launch(S{}, stream) with the type that lies in `x`, on its device, in the current stream.
// throws c10::Error when CUDA refuses the launch
template <class Launch>
void run(const Tensor& x, const Launch& launch) {
  const c10::cuda::CUDAGuard guard(x.device());
  const cudaStream_t stream = c10::cuda::getCurrentCUDAStream(x.device().index()).stream();
  if (x.scalar_type() == at::kBFloat16)
    launch(Brain{}, stream);
  else
    launch(float{}, stream);
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

Tensor dropout(const Tensor& x, const Mask& mask);
NormResult add_norm(const NormInputs& in);
NormSlopes add_norm_backward(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Mask& mask);
Tensor gelu(Tensor& x, const Tensor& bias);
GeluSlopes gelu_backward(const Tensor& dy, const Tensor& h);
Tensor column_sums(const Tensor& x);
EntropyResult cross_entropy(const EntropyInputs& in);
Tensor cross_entropy_backward(const EntropyInputs& in, const Tensor& lse, const Tensor& dloss);

// throws Error("graft/nn") when a head is wider than kWidestHead
AttentionResult attention(const AttentionInputs& in);
AttentionSlopes attention_backward(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout);

}  // namespace graft::nn::cuda
