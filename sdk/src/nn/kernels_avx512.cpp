#include "graft/rng.hpp"
#include "kernels.hpp"
#include "kernels_table.hpp"

#if defined(__x86_64__)
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
#pragma GCC optimize("O3")
#define GRAFT_ISA avx512
#define GRAFT_VECTOR_BYTES 64
#include "kernels_impl.hpp"

namespace graft::nn {

Table avx512_kernels() { return avx512::table(); }

}  // namespace graft::nn
#endif
