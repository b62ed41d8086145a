// Ops: what a device runs for the fused layers, forward and backward, on tensors. The layers hold the autograd and the plain
// twins; a device fills one table. The CPU's is here; libgraft_cuda.so brings that of CUDA.
//
//   x, y      [rows, width]   float, double or bfloat16, contiguous     weight, bias   [width] float (double for double)
//   q, k, v   [N, H, d], q perhaps [B, H, d]: the first token of each row asks; last dimension contiguous
//   offsets   [B + 1] int32 on the device; `longest` tokens in the longest row
//   mask      the same elements on every device, by the counter hash of kernels.hpp
#pragma once

#include <cstdint>
#include <utility>

#include "graft/export.hpp"
#include "graft/tensor.hpp"
#include "kernels.hpp"

namespace graft::nn {

struct AttentionInputs {
  Tensor q, k, v, offsets;
  std::int64_t longest;
  Mask mask;
  bool is_causal;
};
struct AttentionResult {
  Tensor out, lse;  // lse [queries, H] float (double for double): what the backward pass wants, whatever the device keeps there
};
struct AttentionSlopes {
  Tensor dq, dk, dv;
};
struct NormInputs {
  Tensor x, residual, weight, bias;
  double epsilon;
  Mask mask;
};
struct NormResult {
  Tensor y, normed, rstd;  // rstd [rows]
};
struct NormSlopes {
  Tensor dx, dresidual, dweight, dbias;  // dx is dresidual where nothing is dropped
};
struct GeluSlopes {
  Tensor dh, dbias;
};
struct EntropyInputs {
  Tensor scores, targets;  // [rows, C], [rows] int64, negative where there is no label
  double smoothing;
};
struct EntropyResult {
  Tensor loss, lse;  // [rows]
};

struct Ops {
  Tensor (*dropout)(const Tensor& x, const Mask& mask);
  NormResult (*add_norm)(const NormInputs& in);
  NormSlopes (*add_norm_backward)(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Mask& mask);
  Tensor (*gelu)(Tensor& x, const Tensor& bias);  // x += bias in place; returns gelu(x)
  GeluSlopes (*gelu_backward)(const Tensor& dy, const Tensor& h);
  Tensor (*column_sums)(const Tensor& x);  // [width], of a contiguous x
  EntropyResult (*cross_entropy)(const EntropyInputs& in);
  Tensor (*cross_entropy_backward)(const EntropyInputs& in, const Tensor& lse, const Tensor& dloss);
  AttentionResult (*attention)(const AttentionInputs& in);
  AttentionSlopes (*attention_backward)(const AttentionInputs& in, const AttentionResult& kept, const Tensor& dout);
};

// Null where the tensor's device or type has none: its layers run as their plain twins.
const Ops* ops_of(const Tensor& tensor);

const Ops& cpu_ops();

// Called once by libgraft_cuda.so when it is opened.
GRAFT_API void set_cuda_ops(const Ops* ops);

}  // namespace graft::nn
