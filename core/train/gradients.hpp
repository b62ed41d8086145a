// Gradients: what every optimizer does before its own arithmetic.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/train/parameter.hpp"

namespace graft::core {

// One contiguous piece of a parameter with its gradient: what one task of a parallel loop works on. Where the gradient is
// sparse (rows of a large table), pieces are of whole rows, and rows that it leaves out make pieces without gradient.
struct Piece {
  std::size_t parameter;    // index
  std::int64_t begin, end;  // elements
  float* values;            // of the whole parameter
  const float* gradient;    // of this piece alone, [end - begin]; null: zeros
  std::int64_t width;       // elements in a row of a sparse gradient; 0: dense
};

// The pieces of all parameters that train and have a gradient, in order; gradients are made contiguous, sparse ones coalesced.
std::vector<Piece> pieces_of(Parameters& parameters);

// The norm over all pieces, in double; the same bits for any number of threads.
double gradient_norm(const std::vector<Piece>& pieces);

// The factor for each gradient: `scale`, and what clipping to `clip` (0: off) adds. `norm` is that of the scaled gradients.
double clip_factor(double norm, double clip, double scale);

// throws Error("train") naming the parameters whose gradient is not finite.
void refuse_not_finite(double norm, Parameters& parameters);

// After a step: drops gradients, and tells what is kept beside parameters, such as their copies in bfloat16, that they changed, which
// writes by pointer and LibTorch's fused kernels do not.
void drop_gradients(Parameters& parameters);

void for_each_piece(const std::vector<Piece>& pieces, const std::function<void(const Piece&)>& work);

}  // namespace graft::core
