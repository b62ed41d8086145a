// FeatureColumns: number, integer and vector columns side by side, as one matrix of doubles.
//
//   order    of the config;  B rows in a batch, N in the training rows, D features in all
//   missing  NaN
//   throws   Error(where) when there is no column, one has another kind, or a value is infinite
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/source.hpp"
#include "graft/state.hpp"

namespace graft::plugins {

class FeatureColumns {
 public:
  FeatureColumns(std::vector<std::string> columns, std::string where);

  const std::string& where() const { return where_; }
  std::int64_t width(const Schema& inputs) const;           // D, or -1 when the width of a column is not known yet
  Tensor of(const Batch& batch) const;                      // [B, D] double
  Tensor of(const Batch& batch, std::int64_t width) const;  // the same; throws as well when D is not `width`
  Tensor all(const Source& training) const;                 // [N, D] double

  // The column of a feature, "x" or "x[2]".
  std::string name(const Batch& batch, std::int64_t feature) const;
  std::vector<std::string> names(const Batch& batch) const;

 private:
  std::vector<std::string> columns_;
  std::string where_;
};

// What is not missing in column `feature` of [N, D], in rising order. throws Error(where) when there is nothing.
std::vector<double> sorted_values(const Tensor& all, std::int64_t feature, const std::string& where);

// The value at a share of [0, 1] of the way through sorted values, linear between two.   source   numpy.percentile
double quantile(const std::vector<double>& sorted, double share);

// throws Error(where) when the state has not that tensor; double, on the CPU.
Tensor tensor_in(const State& state, const std::string& key, const std::string& where);

Tensor vector_of(const std::vector<double>& values);  // [n] double

}  // namespace graft::plugins
