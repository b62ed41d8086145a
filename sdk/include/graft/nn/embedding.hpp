// Embedding: rows of a table by id.
//
//   ids      [N]      int64 in [0, rows)
//   weight   [V, D]   registered as "weight"
//   patches  before() sees the ids, after() the rows
//   gradient dense; sparse (a row for each id) for tables of 2^20 elements or more, unless the gradient itself is differentiated
//   init     normal with deviation `deviation`, drawn from `rng`
//   errors   Error("graft/nn") when an id is out of range: says which and the table's size (CPU only; checked before the gather)
//   source   PyTorch's torch.nn.Embedding
#pragma once

#include <cstdint>

#include "graft/nn/patch.hpp"
#include "graft/rng.hpp"

namespace graft::nn {

class GRAFT_API Embedding : public PatchSlot {
 public:
  Embedding(std::int64_t rows, std::int64_t width, Rng rng, double deviation = 0.02);
  Tensor forward(const Tensor& ids, const Call& call) const;  // [N, D]

  Tensor weight;
};

}  // namespace graft::nn
