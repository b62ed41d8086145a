// FeatureRows: what a trunk gives for n rows, as the closed forms of transferability see it, and its singular values.
//
//   held     as [n, D] where n >= D, else as the n x n products of the rows: a width of 50,000 sparse columns costs no more
//            than one of n. All in double
//   n rows   D width of the features   k their rank
#pragma once

#include <cstdint>
#include <span>

#include "graft/batch.hpp"

namespace graft::core {

// F = left diag(sqrt(squares)) right^T, without `right`.
struct Spectrum {
  Tensor left;             // [n, k] double, orthonormal columns
  Tensor squares;          // [k] double, squares of the singular values; those below max(n, D) x 2.2e-16 of the largest (of the
                           // singular values where n >= D, of their squares elsewhere) are 0 and left out
  std::int64_t width = 0;  // D
};

class FeatureRows {
 public:
  // `features`: a tensor [n, D], or SparseRows; on the CPU. throws Error("rank") when it is of another form or shape, has no rows,
  // or holds NaN or infinity (names the row).
  explicit FeatureRows(const Column& features);

  std::int64_t rows() const { return held_.size(0); }
  std::int64_t width() const { return width_; }

  FeatureRows select(std::span<const std::int64_t> positions) const;  // rows by position
  Spectrum spectrum() const;                                          // of F
  Spectrum centred_spectrum() const;                                  // of F less its mean row

 private:
  FeatureRows(Tensor held, std::int64_t width, bool is_products);

  Tensor held_;  // [n, D], or [n, n] products
  std::int64_t width_ = 0;
  bool is_products_ = false;
};

}  // namespace graft::core
