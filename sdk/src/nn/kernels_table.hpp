// The kernels of every instruction set they are compiled for.
#pragma once

#include "kernels.hpp"

namespace graft::nn {

struct Table {
  Kernels<float> f32;
  Kernels<double> f64;
  Kernels<Brain> bf16;
  RowKernels<float> f32_rows;
  RowKernels<double> f64_rows;
  RowKernels<Brain> bf16_rows;
};

Table baseline_kernels();
#if defined(__x86_64__)
Table avx2_kernels();
Table avx512_kernels();
#endif

}  // namespace graft::nn
