// The kernels for one instruction set. Include once in a source that sets GRAFT_ISA (a namespace), GRAFT_VECTOR_BYTES and the
// compiler's target; nothing of the standard library is used here, so that no shared inline function is compiled for that target.

#include "kernels_vector.hpp"

#include "kernels_attention.hpp"
#include "kernels_rows.hpp"

namespace graft::nn::GRAFT_ISA {

template <class T>
constexpr Kernels<T> kTable = {dropout<T>, attention<T>, attention_backward<T>, workspace<T>};

constexpr Kernels<Brain> kNarrowTable = {dropout<Brain>, narrow_attention, narrow_attention_backward, narrow_workspace};

template <class S>
constexpr RowKernels<S> kRows = {add_norm<S>,      add_norm_backward<S>,     gelu<S>, gelu_backward<S>, column_sums<S>,
                                 cross_entropy<S>, cross_entropy_backward<S>};

inline Table table() { return {kTable<float>, kTable<double>, kNarrowTable, kRows<float>, kRows<double>, kRows<Brain>}; }

}  // namespace graft::nn::GRAFT_ISA
