#include "graft/rng.hpp"
#include "kernels.hpp"
#include "kernels_table.hpp"

#pragma GCC optimize("O3")
#define GRAFT_ISA baseline
#define GRAFT_VECTOR_BYTES 16
#include "kernels_impl.hpp"

namespace graft::nn {

Table baseline_kernels() { return baseline::table(); }

}  // namespace graft::nn
