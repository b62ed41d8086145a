// What mixup and cutmix share: the partner of each row, shares of a Beta distribution, labels of two rows in one.
//
//   partner  of row i is row i + 1 of the batch, of the last the first, as torchvision's roll
//   B rows   C classes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/rng.hpp"

namespace graft::plugins {

double draw_beta(double alpha, Rng& rng);  // Beta(alpha, alpha) in [0, 1], by Joehnk 1964; alpha in (0, 2]

Tensor partners(const Tensor& rows);  // [B, ...]: each row's partner

// The label column of a batch as distributions. throws Error(where) in build() when the column is no class.
class MixedLabels {
 public:
  MixedLabels(std::string column, std::string where) : column_(std::move(column)), where_(std::move(where)) {}
  void build(const Schema& inputs);
  const std::string& column() const { return column_; }

  // [B] bool: the row and its partner both have a label. Others must stay unmixed.
  Tensor mixable(const Batch& batch) const;

  // Replaces the column by share * own + (1 - share) * partner's, [B, C] float; a missing label is all 0. share [B] float.
  void mix(Batch& batch, const Tensor& share) const;

 private:
  Tensor distribution(const Batch& batch) const;  // [B, C] float

  std::string column_, where_;
  std::int64_t classes_ = 0;
};

}  // namespace graft::plugins
