// SparseBuilder: rows of few non-zeros, one after the other, into the SparseRows of a batch.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/columns.hpp"

namespace graft::plugins {

class SparseBuilder {
 public:
  void add(std::int32_t id, double value) {
    ids_.push_back(id), values_.push_back(static_cast<float>(value));
  }  // ids rise in a row
  void end_row() { offsets_.push_back(static_cast<std::int32_t>(ids_.size())); }
  SparseRows take(std::int64_t width) const;

 private:
  std::vector<std::int32_t> ids_, offsets_ = {0};
  std::vector<float> values_;
};

}  // namespace graft::plugins
