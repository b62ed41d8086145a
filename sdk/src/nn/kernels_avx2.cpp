#include "graft/rng.hpp"
#include "kernels.hpp"
#include "kernels_table.hpp"

#if defined(__x86_64__)
#pragma GCC target("avx2,fma")
#pragma GCC optimize("O3")
#define GRAFT_ISA avx2
#define GRAFT_VECTOR_BYTES 32
#include "kernels_impl.hpp"

namespace graft::nn {

Table avx2_kernels() { return avx2::table(); }

}  // namespace graft::nn
#endif
