#include "kernels.hpp"

#include "kernels_table.hpp"

namespace graft::nn {
namespace {

Table best() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    return avx512_kernels();
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_kernels();
#endif
  return baseline_kernels();
}

const Table& table() {
  static const Table chosen = best();
  return chosen;
}

}  // namespace

template <>
const Kernels<float>& kernels<float>() {
  return table().f32;
}

template <>
const Kernels<double>& kernels<double>() {
  return table().f64;
}

template <>
const Kernels<Brain>& kernels<Brain>() {
  return table().bf16;
}

template <>
const RowKernels<float>& row_kernels<float>() {
  return table().f32_rows;
}

template <>
const RowKernels<double>& row_kernels<double>() {
  return table().f64_rows;
}

template <>
const RowKernels<Brain>& row_kernels<Brain>() {
  return table().bf16_rows;
}

}  // namespace graft::nn
