#include "sparse_builder.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>

namespace graft::plugins {
namespace {

template <class Number>
Tensor copied(const std::vector<Number>& values, at::ScalarType type) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::TensorOptions(type));
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<Number>());
  return tensor;
}

}  // namespace

SparseRows SparseBuilder::take(std::int64_t width) const {
  return {copied(ids_, at::kInt), copied(values_, at::kFloat), copied(offsets_, at::kInt), width};
}

}  // namespace graft::plugins
