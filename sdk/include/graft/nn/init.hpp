// Init: fills a parameter with random numbers; element i from bits 2i and 2i + 1 of `rng`, the same for any thread count.
//
//   normal_    mean 0, deviation `deviation`; 0 draws nothing
//   uniform_   in [-bound, bound)
//   errors     Error("graft/nn") when the tensor is not contiguous float or double on the CPU
#pragma once

#include "graft/export.hpp"
#include "graft/rng.hpp"

namespace graft::nn {

GRAFT_API void normal_(Tensor& tensor, double deviation, Rng rng);
GRAFT_API void uniform_(Tensor& tensor, double bound, Rng rng);

}  // namespace graft::nn
